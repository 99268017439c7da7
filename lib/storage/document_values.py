"""Closure documents between rows and values: drafts from their sections, signed ones from their frozen content."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from lib.domain.closure import (
    Audience,
    ClientHeader,
    DocumentDraft,
    DocumentKind,
    DocumentStatus,
    Letterhead,
    Section,
    Sentence,
    Source,
    SourceKind,
)
from lib.domain.closure_charts import ChartSeries
from lib.storage.tables import Client, Document, DocumentSection, SignedDocument


def header_of(draft: DocumentDraft) -> dict[str, Any]:
    """What a document row keeps of a draft beside its sections; `drafted`: sentences with sources, to be put back."""
    return {
        "title": draft.title,
        "practice": draft.practice.name,
        "address": list(draft.practice.address),
        "therapist": draft.therapist,
        "drafted_on": draft.drafted_on.isoformat(),
        "supersedes": draft.supersedes,
        "drafted": {
            section.key: [sentence_out(line) for line in section.sentences if not line.own_words]
            for section in draft.sections
        },
    }


def draft_in(row: Document, client: Client, sections: Sequence[DocumentSection]) -> DocumentDraft:
    """The value of a draft. Its client is the client as they are called today."""
    return DocumentDraft(
        kind=DocumentKind(row.kind),
        audience=Audience(row.audience),
        client=ClientHeader(client.name, client.code, client.born_on),
        practice=Letterhead(row.header["practice"], tuple(row.header["address"])),
        therapist=row.header["therapist"],
        drafted_on=date.fromisoformat(row.header["drafted_on"]),
        sections=tuple(_section_in(each) for each in sections),
        title=row.header["title"],
        basis=tuple(source_in(plain) for plain in row.basis),
        supersedes=row.header["supersedes"],
    )


def signed_in(signed: SignedDocument, signer: str) -> DocumentDraft:
    """The value of a signed document, from the frozen content alone: what was signed is what is shown."""
    content = json.loads(signed.content)
    name, code, born = content["client"]
    return DocumentDraft(
        kind=DocumentKind(content["kind"]),
        audience=Audience(content["audience"]),
        client=ClientHeader(name, code, date.fromisoformat(born) if born else None),
        practice=Letterhead(content["practice"][0], tuple(content["practice"][1:])),
        therapist=content["therapist"],
        drafted_on=date.fromisoformat(content["drafted_on"]),
        sections=tuple(_frozen_section(plain) for plain in content["sections"]),
        title=content["title"],
        status=DocumentStatus.SIGNED,
        signed_by=signer,
        signed_at=signed.signed_at,
        signature_meaning=signed.meaning,
        content_sha256=signed.content_sha256,
        supersedes=content["supersedes"],
    )


def sentence_out(sentence: Sentence) -> dict[str, Any]:
    """A sentence as a section row keeps it."""
    sources = [source_out(source) for source in sentence.sources]
    plain = {"text": sentence.text, "sources": sources, "own_words": sentence.own_words}
    return plain if sentence.written_on is None else {**plain, "written_on": sentence.written_on.isoformat()}


def sentence_in(plain: Mapping[str, Any]) -> Sentence:
    """A sentence out of a section row."""
    written = plain.get("written_on")
    return Sentence(
        plain["text"],
        tuple(source_in(each) for each in plain["sources"]),
        plain["own_words"],
        date.fromisoformat(written) if written else None,
    )


def source_out(source: Source) -> dict[str, Any]:
    """A source as rows keep it."""
    return {
        "kind": source.kind.value,
        "dated_on": source.dated_on.isoformat(),
        "quote": source.quote,
        "record_type": source.record_type,
        "record_id": source.record_id,
    }


def source_in(plain: Mapping[str, Any]) -> Source:
    """A source out of a row."""
    return Source(
        SourceKind(plain["kind"]),
        date.fromisoformat(plain["dated_on"]),
        plain["quote"],
        plain["record_type"],
        plain["record_id"],
    )


def chart_out(chart: ChartSeries) -> dict[str, Any]:
    """A chart as a row keeps it."""
    return {
        **asdict(chart),
        "points": [[when.isoformat(), value] for when, value in chart.points],
        "after": [[when.isoformat(), value] for when, value in chart.after],
        "ended_on": chart.ended_on.isoformat() if chart.ended_on else None,
    }


def chart_in(plain: Mapping[str, Any]) -> ChartSeries:
    """A chart out of a row."""
    points, after = (
        tuple((date.fromisoformat(when), value) for when, value in plain.get(name, ())) for name in ("points", "after")
    )
    ended_on = date.fromisoformat(plain["ended_on"]) if plain.get("ended_on") else None
    return ChartSeries(**{**plain, "points": points, "after": after, "ended_on": ended_on})


def _section_in(row: DocumentSection) -> Section:
    sentences = tuple(sentence_in(plain) for plain in row.sentences)
    return Section(row.key, row.title, sentences, tuple(row.asks), row.reviewed_at, row.must_review)


def _frozen_section(plain: Mapping[str, Any]) -> Section:
    return Section(plain["key"], plain["title"], tuple(_frozen_sentence(line) for line in plain["sentences"]))


def _frozen_sentence(plain: Mapping[str, Any]) -> Sentence:
    """The signed content names a source by kind, date and quote; the row it came from is not part of what is signed."""
    sources = tuple(
        Source(SourceKind(each["kind"]), date.fromisoformat(each["date"]), each["quote"], "")
        for each in plain["sources"]
    )
    written = plain.get("written_on")
    return Sentence(plain["text"], sources, plain["own_words"], date.fromisoformat(written) if written else None)
