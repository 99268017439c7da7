"""Building a section's sentences: every one from a template, every one with its sources."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from lib.domain.closure import Section, Sentence, Source, SourceKind
from lib.domain.document_model import SectionRule, Words
from lib.domain.measure_facts import ScaleFact, ScorePoint
from lib.domain.record_extract import (
    AgreedLevel,
    BreakFact,
    CheckInFact,
    CrisisContact,
    FormulationEntry,
    PersonFact,
    RecordExtract,
)

T = TypeVar("T")
CRISIS_CONFIRMED_WITHIN_DAYS = 90
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LISTED_AT_MOST = 5
CHECK_IN = "check_in"  # the record type of its sources, by which a draft's sentence is known again when it is moved
ALL = 1_000_000  # of how many entries one sentence may tell
# Headings of notes a section's writer should read: the words behind them stay where they are.
HISTORY = re.compile(r"history|subjective|complaint|presenting", re.IGNORECASE)
PLAN = re.compile(r"plan|recommendation", re.IGNORECASE)
RISK = re.compile(r"risk|suicid|safety|harm", re.IGNORECASE)
# Words no document may print, whoever wrote them: a form, a note or an absence never shows that there is none. "No
# current risk" and "Risk: none" say it too.
NEVER_PRINTED = re.compile(
    r"\b(?:no|nil|zero)(?:[\s-]+\w+){0,2}?[\s-]+risk\b|\b(?:without|not\s+at)(?:\s+any)?\s+risk\b"
    r"|\brisk\s*[:=–-]\s*(?:none|nil|no|zero)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One entry of a sentence that tells several: its template, its sources, the values put in."""

    key: str
    sources: tuple[Source, ...]
    values: Mapping[str, str]


class Part:
    """A section being drafted: statements are added in reading order, questions beside them.

    `naming_others`: the record's own texts that name another client, which no statement may hold.
    `naming_people`: those that name a person of the client's life, where the reader is not told who they are."""

    def __init__(self, words: Words, naming_others: Sequence[str] = (), naming_people: Sequence[str] = ()) -> None:
        self.words = words
        self.naming_others = naming_others
        self.naming_people = naming_people
        self.sentences: list[Sentence] = []
        self.asks: list[str] = []

    def say(self, key: str, *sources: Source, **values: str) -> None:
        """Add one statement with its sources; nothing is added where the audience is not told it.

        What names another client, or holds words that are never printed, is asked about instead."""
        # A list that ends with a quoted full stop ends the sentence: no second one behind the quotation mark.
        text = re.sub(r"([.!?…]”)\.$", r"\1", one_line(self.words.say(key, **values)))
        if text and self.may_print(text, sources):
            self.sentences.append(Sentence(text, tuple(dict.fromkeys(sources))))

    def say_together(
        self,
        key: str,
        pieces: Sequence[Piece],
        *,
        at_most: int = ALL,
        noun: str = "",
        is_best_first: bool = False,
        **values: str,
    ) -> None:
        """Add one statement that tells several entries, each with its sources.

        `at_most` keeps the first and the last ones, or where the best come first those; then the statement says how
        many there are, with a source of that count: `noun` is what is counted, in the plural. An entry that may not
        be printed is left out alone."""
        texts = [one_line(self.words.say(piece.key, **piece.values)) for piece in pieces]
        printable = [
            (text, piece)
            for text, piece in zip(texts, pieces, strict=True)
            if text and self.may_print(text, piece.sources)
        ]
        if not printable:
            return
        told = printable[:at_most] if is_best_first else telling(printable, at_most)
        sources = [source for _, piece in told for source in piece.sources]
        some = ""
        if len(told) < len(printable):
            shown, total = str(len(told)), str(len(printable))
            some = self.words.say("some_of", shown=shown, total=total)
            last = max(source.dated_on for source in sources)
            sources.append(event(last, f"{total} {noun} on record, {shown} of them told", "count"))
        self.say(key, *sources, list="; ".join(text for text, _ in told), some=some, **values)

    def may_print(self, text: str, sources: Sequence[Source]) -> bool:
        """Whether a text and its sources may stand in a document; what may not is asked about."""
        told = "\n".join([text, *(source.quote for source in sources)])
        if NEVER_PRINTED.search(told):
            self.ask("never_printed", date=day(sources[0].dated_on))
            return False
        if any(text in one_line(told) for text in self.naming_others):
            self.ask("names_another", date=day(sources[0].dated_on))
            return False
        if any(text in one_line(told) for text in self.naming_people):
            self.ask("names_person", date=day(sources[0].dated_on))
            return False
        return True

    def ask(self, key: str, **values: str) -> None:
        """Add one question."""
        self.asks.append(one_line(self.words.ask(key, **values)))

    def as_section(self, rule: SectionRule) -> Section:
        """The finished section. Without a sentence its own question comes first."""
        audience = self.words.audience
        own = () if self.sentences else (rule.ask[audience],)
        return Section(
            key=rule.key,
            title=rule.titles[audience],
            sentences=tuple(self.sentences),
            asks=tuple(dict.fromkeys((*own, *self.asks))),
            must_review=rule.must_review,
        )


def telling(found: Sequence[T], at_most: int) -> list[T]:
    """The first and the last of what stands in order, never more than `at_most` (1 or more; one alone is the last)."""
    if len(found) <= at_most:
        return list(found)
    return [*found[:1], *found[len(found) - at_most + 1 :]] if at_most > 1 else [found[-1]]


def one_line(text: str) -> str:
    """The same words with every run of white space as one space."""
    return " ".join(text.split())


def day(when: date) -> str:
    """A date a reader on either side of the ocean reads the same way: 4 Nov 2026."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def days(dates: Iterable[date]) -> str:
    """Up to five dates by name, more as "first to last"."""
    ordered = sorted(set(dates))
    if len(ordered) > LISTED_AT_MOST:
        return f"{day(ordered[0])} to {day(ordered[-1])}"
    return ", ".join(day(when) for when in ordered)


def span(starts_on: date, ends_on: date | None) -> str:
    """ "4 Nov 2026 to 9 Nov 2026", or the one day."""
    if ends_on is None or ends_on == starts_on:
        return day(starts_on)
    return f"{day(starts_on)} to {day(ends_on)}"


def counted(number: int, one: str, many: str) -> str:
    """ "1 session", "3 sessions"."""
    return f"{number} {one if number == 1 else many}"


def figure(value: float, decimals: int) -> str:
    """A score with the scale's decimals; more, up to two, where rounding would change it."""
    text = f"{value:.{decimals}f}"
    if abs(float(text) - value) < 1e-9:
        return text
    return f"{value:.2f}".rstrip("0").rstrip(".")


def in_context(context: str) -> str:
    """A rating's context as it stands behind the marker's name."""
    return f" ({context})" if context else ""


def who(person: PersonFact) -> str:
    """A person's name and what they are to the client, unless the name says it: "his wife" is not "(wife)" again."""
    is_said = not person.relation or person.relation.casefold() in person.name.casefold().split()
    return person.name if is_said else f"{person.name} ({person.relation})"


def score_source(scale: ScaleFact, point: ScorePoint) -> Source:
    """One score as a source."""
    quote = f"{scale.name} {figure(point.value, scale.decimals)}"
    return Source(SourceKind.SCORE, point.taken_on, quote, "administration", point.id)


def event(dated_on: date, quote: str, record_type: str, record_id: int | None = None) -> Source:
    """Something that happened, as a source."""
    return Source(SourceKind.EVENT, dated_on, quote, record_type, record_id)


def entry(dated_on: date, quote: str, record_type: str, record_id: int | None = None) -> Source:
    """Something written down with the client or set by the practice, as a source."""
    return Source(SourceKind.ENTRY, dated_on, quote, record_type, record_id)


def check_in_source(agreed: CheckInFact) -> Source:
    """A check-in as a source, dated by the day it is agreed for now."""
    return event(agreed.due_on, check_in_name(agreed), CHECK_IN, agreed.id)


def check_in_name(agreed: CheckInFact) -> str:
    """ "Check-in at 3 months"."""
    return "Check-in" if agreed.month is None else f"Check-in at {counted(agreed.month, 'month', 'months')}"


def break_sources(pause: BreakFact) -> list[Source]:
    """A break, an event or an anniversary as sources: its beginning, and its end where there is one."""
    ends = [] if pause.ends_on in (None, pause.starts_on) else [pause.ends_on]
    begun = event(pause.starts_on, pause.what, "break", pause.id)
    return [begun, *(event(day, "Until this day", "break", pause.id) for day in ends if day is not None)]


def together(found: Iterable[FormulationEntry]) -> list[list[FormulationEntry]]:
    """Entries in their order; those in the model's words alone, of one kind and one day, as one group."""
    groups: list[list[FormulationEntry]] = []
    for noted in found:
        last = groups[-1][-1] if groups else None
        same = last is not None and (last.kind, last.noted_on) == (noted.kind, noted.noted_on)
        if same and last is not None and not last.words and not noted.words:
            groups[-1].append(noted)
        else:
            groups.append([noted])
    return groups


def level_values(agreed: AgreedLevel) -> dict[str, str]:
    """The agreed level as template values."""
    side = "above" if agreed.better == "lower" else "below"
    level = figure(agreed.level, 0)
    return {"date": day(agreed.agreed_on), "measure": agreed.measure, "level": level, "side": side}


def level_source(agreed: AgreedLevel) -> Source:
    """The agreed level as a source."""
    values = level_values(agreed)
    quote = f"{values['measure']} at {values['level']} or {values['side']}: get in touch"
    return entry(agreed.agreed_on, quote, "agreed_level", agreed.id)


def ask_headed(part: Part, record: RecordExtract, key: str, about: re.Pattern[str], *, newest: bool = False) -> None:
    """Ask about the notes with such a heading, by date. Where to look is told; what stands there is not read."""
    dates = [note.dated_on for note in record.notes if any(about.search(heading) for heading in note.headings)]
    if dates:
        part.ask(key, dates=day(max(dates)) if newest else days(dates))


def months_later(start: date, months: int) -> date:
    """The same day of the month, or its last day where the month is shorter."""
    index = start.month - 1 + months
    year, month = start.year + index // 12, index % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def say_crisis_contacts(part: Part, contacts: Sequence[CrisisContact], today: date) -> None:
    """Crisis numbers: only those confirmed within 90 days; of the others that they must be checked."""
    for contact in contacts:
        confirmed_on = contact.confirmed_on
        age = (today - confirmed_on).days if confirmed_on else None
        if confirmed_on is not None and age is not None and 0 <= age <= CRISIS_CONFIRMED_WITHIN_DAYS:
            hours = f", {contact.hours}" if contact.hours else ""
            source = entry(confirmed_on, f"{contact.name}: {contact.number}", "crisis_contact", contact.id)
            values = {"number": contact.number, "hours": hours, "date": day(confirmed_on)}
            part.say("crisis", source, name=contact.name, **values)
        else:
            # The number itself stays out of the source too: an unchecked number must not be found anywhere.
            last = f"last confirmed {day(confirmed_on)}" if confirmed_on else "never confirmed"
            source = entry(confirmed_on or today, f"{contact.name}: {last}", "crisis_contact", contact.id)
            part.say("crisis_unconfirmed", source, name=contact.name)
