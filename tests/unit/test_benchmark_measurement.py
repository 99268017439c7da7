"""The benchmark of measurement: what it times is the real scoring, and its ratio is act over floor."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from lib.bootstrap import House, Settings
from lib.commands import benchmark_measurement
from lib.commands.benchmark import run_benchmark, targets
from lib.commands.benchmark_measurement import Timed, in_turns
from lib.commands.context import Context
from lib.commands.line import parser


def test_the_ratio_is_the_act_over_its_floor_and_held_against_its_target() -> None:
    timed = Timed("scoring", 0.012, "a bare product", 0.003, 5.0)
    assert timed.ratio == 4.0
    (target,) = targets([], None, [timed])
    assert (target.what, target.measured, target.met) == ("scoring, times a bare product", 4.0, True)
    assert not targets([], None, [Timed("scoring", 0.016, "a bare product", 0.003, 5.0)])[0].met


def test_act_and_floor_take_turns_and_the_first_turn_is_not_counted() -> None:
    calls: list[str] = []
    seconds, floor_s = in_turns(lambda: calls.append("act"), lambda: calls.append("floor"), 3)
    assert calls == ["act", "floor"] * 4 and seconds >= 0 <= floor_s


def test_the_benchmark_of_measurement_runs_alone_and_makes_nothing(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark_measurement, "FORMS", 500)
    chosen: argparse.Namespace = parser().parse_args(["benchmark", "--only-measurement", "--runs", "2"])
    told = run_benchmark(Context(House(Settings(tmp_path, tmp_path / "key")), None, None), chosen)
    assert told.data["measurement"][0]["what"] == "scoring 500 ECR-R forms"
    assert all(each["seconds"] > 0 for each in told.data["measurement"])
    assert list(tmp_path.iterdir()) == []
