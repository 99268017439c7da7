"""The door on a real server: who gets in, what stays shut, and what every answer tells the browser."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from lib.bootstrap import local_now
from lib.domain.people import OPERATOR, Actor, Role
from lib.services import accounts, clients, questionnaire_links
from lib.storage.tables import Account, Administration, AuditEvent, Client, LoginSession, Practice, SignInAttempt
from tests.integration import running_server
from tests.integration.running_server import GOOD, ROOT, Server, csrf, environment, free_port, running, start

EMAIL = "rosa@practice.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("door")) as up:
        yield up


def sign_in(browser: httpx.Client, email: str = EMAIL, password: str = GOOD) -> httpx.Response:
    return running_server.sign_in(browser, email, password)


def set_up_form(page: httpx.Response, **changed: str) -> dict[str, str]:
    form = {"practice_name": "Harbour", "name": "Rosa Linden", "email": EMAIL, "password": GOOD, "again": GOOD}
    return {**form, "csrf": csrf(page), **changed}


@pytest.fixture(scope="module")
def practice(server: Server) -> Server:
    """The server with a practice set up through its own form."""
    with server.browser() as browser:
        page = browser.get("/set-up")
        if page.status_code == 200:
            assert browser.post("/set-up", data=set_up_form(page)).status_code == 200
    return server


@pytest.fixture
def signed_in(practice: Server) -> Iterator[httpx.Client]:
    with practice.house.practice.writing() as session:
        session.query(SignInAttempt).delete()
    with practice.browser() as browser:
        answer = sign_in(browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), answer.text
        yield browser


def socket_status(server: Server, browser: httpx.Client | None, **headers: str) -> int:
    """101 when the socket opens, else the status it was refused with."""
    sent = {"Origin": server.address, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if browser is not None:
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    origin = sent.pop("Origin")
    try:
        with connect(
            f"ws://127.0.0.1:{server.port}/_stcore/stream", additional_headers={**sent, "Origin": origin}, proxy=None
        ):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


# The first tests run before anybody set up: they stand first on purpose, and the fixture `practice` comes after.


def test_before_set_up_a_stranger_is_led_to_the_welcome_page(server: Server) -> None:
    with server.browser() as browser:
        assert browser.get("/").headers["location"] == "/sign-in"
        assert browser.get("/sign-in").headers["location"] == "/welcome"
        page = browser.get("/welcome")
    assert "Set up your practice" in page.text and "demonstration" in page.text.lower()


def test_set_up_from_another_machine_needs_the_code_of_the_terminal(server: Server) -> None:
    with server.browser() as browser:
        through_a_proxy = {"x-forwarded-for": "203.0.113.9"}
        page = browser.get("/set-up", headers=through_a_proxy)
        assert "Set-up code" in page.text
        for typed in ("", "0000-0000-0000-0000"):
            answer = browser.post("/set-up", data=set_up_form(page, set_up_code=typed), headers=through_a_proxy)
            assert answer.status_code == 403
        assert "Set-up code" not in browser.get("/set-up").text
    with server.house.practice.reading() as session:
        assert session.scalars(select(Account)).all() == []


def test_set_up_refuses_what_it_must_and_keeps_what_was_typed_escaped(server: Server) -> None:
    with server.browser() as browser:
        page = browser.get("/set-up")
        answer = browser.post("/set-up", data=set_up_form(page, name='<script>alert("x")</script>', again="else"))
    assert answer.status_code == 422 and "not the same" in answer.text
    assert "<script>" not in answer.text and "&lt;script&gt;" in answer.text
    assert GOOD not in answer.text


def test_set_up_shows_the_recovery_key_once_and_signs_in(practice: Server) -> None:
    key = practice.house.recovery_key()
    with practice.browser() as browser:
        again = browser.post("/set-up", data={"csrf": csrf(browser.get("/sign-in")), "practice_name": "Second"})
        assert (again.status_code, again.headers["location"]) == (303, "/sign-in")
        assert browser.get("/set-up").headers["location"] == "/sign-in"
    with practice.house.practice.reading() as session:
        row = session.scalars(select(Account)).one()
        assert row.roles == ["practice_admin", "therapist"]
    assert len(key.split("-")) == 14
    assert key not in practice.printed.read_text()


@pytest.mark.parametrize("path", ["/", "/caseload", "/client", "/people", "/audit", "/pages/clinician/caseload", "/x"])
def test_a_stranger_gets_the_sign_in_page_whatever_the_address(practice: Server, path: str) -> None:
    with practice.browser() as browser:
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize(
    "path",
    ["/media/abc.csv", "/component/x/index.html", "/_stcore/host-config", "/_stcore/bidi-components/x", "/media/../x"],
)
def test_files_and_inner_addresses_are_shut_to_strangers(practice: Server, path: str) -> None:
    with practice.browser() as browser:
        assert browser.get(path).status_code in (303, 400, 401, 404)
        assert browser.put("/_stcore/upload_file/some-session/some-file", content=b"x").status_code == 401


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check"])
def test_metrics_and_machine_doors_are_shut_to_everybody(signed_in: httpx.Client, path: str) -> None:
    assert signed_in.get(path).status_code == 404


def test_health_and_the_programs_own_files_are_open(practice: Server) -> None:
    with practice.browser() as browser:
        assert browser.get("/_stcore/health").text == "ok"
        index = browser.get("/door/door.css")
        font = re.search(r'url\("(/static/[^"]+)"\)', index.text)
        assert font is not None and browser.get(font.group(1)).status_code == 200


def test_the_token_is_out_of_reach_of_scripts_and_other_sites(practice: Server) -> None:
    with practice.browser() as browser:
        cookie = next(c for c in sign_in(browser).headers.get_list("set-cookie") if c.startswith("secure_base="))
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie and "Expires" not in cookie and "Max-Age" not in cookie


def test_signing_in_gives_a_new_token_and_ends_the_old_one(practice: Server, signed_in: httpx.Client) -> None:
    old = signed_in.cookies["secure_base"]
    form = {"csrf": csrf(signed_in.get("/change-password")), "email": EMAIL, "password": GOOD, "code": ""}
    assert signed_in.post("/sign-in", data=form).status_code == 303
    assert signed_in.cookies["secure_base"] != old
    with practice.browser() as browser:
        browser.cookies.set("secure_base", old)
        assert browser.get("/").headers["location"] == "/sign-in"


def test_a_signed_in_browser_gets_page_and_socket(practice: Server, signed_in: httpx.Client) -> None:
    assert signed_in.get("/").status_code == 200
    assert socket_status(practice, signed_in) == 101


def test_the_first_page_is_found_under_its_name_too(signed_in: httpx.Client) -> None:
    answer = signed_in.get("/caseload")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert signed_in.get("/people").status_code == 200


def test_the_socket_is_shut_without_a_sign_in_and_with_a_forged_one(practice: Server, signed_in: httpx.Client) -> None:
    assert socket_status(practice, None) == 403
    with practice.browser() as forged:
        forged.cookies.set("secure_base", "p." + "A" * 43)
        assert socket_status(practice, forged) == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", ""])
def test_the_socket_is_shut_to_other_sites(practice: Server, signed_in: httpx.Client, origin: str) -> None:
    assert socket_status(practice, signed_in, Origin=origin) == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "user@127.0.0.1", ""])
def test_an_unknown_host_is_not_answered(practice: Server, host: str) -> None:
    with practice.browser() as browser:
        assert browser.get("/sign-in", headers={"host": host}).status_code == 400


def test_an_ended_sign_in_is_out_at_the_next_request(practice: Server, signed_in: httpx.Client) -> None:
    assert signed_in.get("/").status_code == 200
    with practice.house.practice.writing() as session:
        session.execute(update(LoginSession).values(revoked_at=datetime.now(UTC)))
    assert signed_in.get("/").headers["location"] == "/sign-in"
    assert signed_in.get("/media/abc.csv").status_code == 401
    assert socket_status(practice, signed_in) == 403


def test_an_upload_into_a_tab_of_somebody_else_is_refused(signed_in: httpx.Client) -> None:
    assert signed_in.put("/_stcore/upload_file/another-persons-tab/file", content=b"x").status_code == 404


def test_signing_out_needs_the_sign_ins_own_word(practice: Server, signed_in: httpx.Client) -> None:
    assert signed_in.get("/sign-out").headers["location"] == "/"
    assert signed_in.get("/").status_code == 200
    assert signed_in.post("/sign-out", data={"csrf": "0" * 64}).status_code == 403
    with practice.house.practice.reading() as session:
        found = accounts.signed_in_for_token(session, signed_in.cookies["secure_base"], local_now())
    assert found is not None
    answer = signed_in.post("/sign-out", data={"csrf": found.csrf_token})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert signed_in.get("/").headers["location"] == "/sign-in"


def test_a_form_from_elsewhere_is_refused(practice: Server) -> None:
    with practice.browser() as browser:
        form = {"csrf": csrf(browser.get("/sign-in")), "email": EMAIL, "password": GOOD}
        assert browser.post("/sign-in", data=form, headers={"origin": "http://evil.example"}).status_code == 403
        assert browser.post("/sign-in", data={**form, "csrf": "0" * 64}).status_code == 403
        browser.cookies.delete("secure_base_form")
        assert browser.post("/sign-in", data=form).status_code == 403
    with practice.browser() as silent:
        del silent.headers["origin"]
        assert silent.post("/sign-in", data=form).status_code == 403


def test_a_form_too_large_or_of_another_kind_is_refused(practice: Server) -> None:
    with practice.browser() as browser:
        token = csrf(browser.get("/sign-in"))
        assert browser.post("/sign-in", data={"csrf": token, "email": "x" * 20_000}).status_code == 413
        assert browser.post("/sign-in", json={"csrf": token}).status_code == 400
        assert browser.post("/sign-in", content=b"\xff=1", headers=_FORM).status_code == 400


_FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_a_refused_sign_in_sets_no_token_and_tells_nothing(practice: Server) -> None:
    with practice.browser() as browser:
        wrong, unknown = (sign_in(browser, email, "wrong wrong wrong") for email in (EMAIL, "nobody@practice.example"))
        assert wrong.status_code == unknown.status_code == 403
        assert "secure_base" not in browser.cookies
        for answer in (wrong, unknown):
            assert accounts.WRONG in answer.text
            assert "wrong wrong wrong" not in answer.text
    with practice.house.practice.reading() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "sign_in_failed")).first() is not None


def test_a_one_time_password_opens_the_new_password_page_only(practice: Server) -> None:
    with practice.house.practice.writing() as session:
        session.query(SignInAttempt).delete()
        made = accounts.create_account(
            session, OPERATOR, "new@practice.example", "New One", [Role.THERAPIST], local_now()
        )
    with practice.browser() as browser:
        assert sign_in(browser, "new@practice.example", made.one_time_password).status_code == 303
        assert browser.get("/").headers["location"] == "/change-password"
        assert socket_status(practice, browser) == 403
        page = browser.get("/change-password")
        assert 'name="old"' not in page.text  # it was asked for at the door a moment ago
        form = {"csrf": csrf(page), "new": "harbour lights at dusk", "again": ""}
        assert browser.post("/change-password", data=form).status_code == 422
        form["again"] = form["new"]
        assert browser.post("/change-password", data=form).headers["location"] == "/"
        assert browser.get("/").status_code == 200
        assert socket_status(practice, browser) == 101


@pytest.fixture(scope="module")
def demonstration(practice: Server) -> Server:
    """The server with the smallest demonstration practice there can be."""
    now = local_now()
    with practice.house.demonstration.writing() as session:
        session.add(
            Practice(id=1, name="Demo", is_demonstration=True, clock_on=now.date(), settings={}, created_at=now)
        )
        for role, name in (
            (Role.THERAPIST, "therapist"),
            (Role.SUPERVISOR, "supervisor"),
            (Role.PRACTICE_ADMIN, "admin"),
        ):
            accounts.create_account(session, OPERATOR, f"{name}@demo.invalid", name, [role], now, password=GOOD)
    return practice


@pytest.mark.parametrize("role", ["therapist", "supervisor", "admin"])
def test_one_click_enters_the_demonstration_and_nothing_of_the_practice(demonstration: Server, role: str) -> None:
    with demonstration.browser() as browser:
        form = {"csrf": csrf(browser.get("/sign-in")), "role": role}
        assert browser.post("/demonstration", data=form).headers["location"] == "/"
        token = browser.cookies["secure_base"]
        assert browser.get("/").status_code == 200
        assert socket_status(demonstration, browser) == 101
    with demonstration.house.demonstration.reading() as session:
        found = accounts.signed_in_for_token(session, token, local_now())
    assert found is not None and found.actor.email == f"{role}@demo.invalid"
    with demonstration.house.practice.reading() as session:
        assert accounts.signed_in_for_token(session, token, local_now()) is None
    with demonstration.browser() as browser:
        browser.cookies.set("secure_base", "p" + token[1:])
        assert browser.get("/").headers["location"] == "/sign-in"


def test_the_demonstration_is_entered_by_a_form_of_this_server_and_as_its_own_people_only(
    demonstration: Server,
) -> None:
    with demonstration.browser() as browser:
        token = csrf(browser.get("/sign-in"))
        assert browser.post("/demonstration", data={"csrf": "0" * 64, "role": "admin"}).status_code == 403
        browser.post("/demonstration", data={"csrf": token, "role": EMAIL})
        assert "secure_base" not in browser.cookies
        assert browser.get("/demonstration").status_code == 200


def test_who_had_the_demonstration_made_goes_in_without_a_second_click(demonstration: Server) -> None:
    """The cookie of the first click, kept while it was made, opens it; without it the page only offers."""
    with demonstration.browser() as browser:
        browser.cookies.set("secure_base_enters_as", "supervisor", path="/demonstration")
        answer = browser.get("/demonstration")
        assert answer.headers["location"] == "/" and browser.cookies["secure_base"].startswith("d.")
    with demonstration.browser() as browser:
        browser.cookies.set("secure_base_enters_as", "operator", path="/demonstration")
        assert browser.get("/demonstration").status_code == 200


def test_a_person_closed_in_the_demonstration_is_told_in_words(demonstration: Server) -> None:
    def close(is_disabled: bool) -> None:
        with demonstration.house.demonstration.writing() as session:
            row = session.scalars(select(Account).where(Account.email == "supervisor@demo.invalid")).one()
            row.is_disabled = is_disabled

    close(True)
    with demonstration.browser() as browser:
        answer = browser.post("/demonstration", data={"csrf": csrf(browser.get("/sign-in")), "role": "supervisor"})
        assert answer.status_code == 403 and "was closed" in answer.text
        assert "secure_base" not in browser.cookies
    close(False)


@pytest.fixture
def link(practice: Server) -> str:
    """The address of a PHQ-9 for a client of the practice's therapist."""
    definitions, now = practice.house.definitions, local_now()
    with practice.house.practice.writing() as session:
        account = session.scalars(select(Account).where(Account.email == EMAIL)).one()
        rosa = Actor(account.id, account.email, account.name, frozenset({Role.THERAPIST}))
        client_id = session.scalar(select(Client.id))
        if client_id is None:
            client_id = clients.create_client(session, rosa, "SB-001", "Anna Muster", None, None, now)
        token = questionnaire_links.make_link(session, rosa, client_id, "phq9", "general", now, definitions, "p")
    return f"/questionnaire/{token}"


def test_a_link_shows_its_form_to_a_stranger_and_opens_nothing_else(practice: Server, link: str) -> None:
    with practice.browser() as browser:
        form = browser.get(link)
        assert form.status_code == 200 and "Little interest or pleasure" in form.text
        assert form.text.count('type="radio"') == 36 and "<script" not in form.text
        assert "Anna" not in form.text and "SB-001" not in form.text
        for elsewhere in ("/", "/client", "/caseload"):
            assert browser.get(elsewhere).headers["location"] == "/sign-in"
        assert socket_status(practice, browser) == 403


def test_a_form_with_gaps_is_asked_about_once_and_then_taken_as_it_is(practice: Server, link: str) -> None:
    with practice.browser() as browser:
        fields = {"csrf": csrf(browser.get(link)), **{f"phq9_{number}": "1" for number in range(1, 9)}}
        again = browser.post(link, data=fields)
        assert again.status_code == 422 and "Question 9 has no answer" in again.text
        assert again.text.count(" checked") == 8
        done = browser.post(link, data={**fields, "csrf": csrf(again), "sure": "yes"})
        assert done.status_code == 200 and "answers are saved" in done.text
        assert browser.get(link).status_code == 404
    with practice.house.practice.reading() as session:
        held = session.scalars(select(Administration).order_by(Administration.id.desc())).first()
        assert held is not None and held.answers["phq9_8"] == 1 and held.answers["phq9_9"] is None


def test_answers_of_another_page_or_another_site_are_refused(practice: Server, link: str) -> None:
    fields = {f"phq9_{number}": "0" for number in range(1, 10)}
    with practice.browser() as browser:
        page = browser.get(link)
        assert browser.post(link, data=fields).status_code == 403
        elsewhere = {"origin": "https://elsewhere.example"}
        assert browser.post(link, data={**fields, "csrf": csrf(page)}, headers=elsewhere).status_code == 403
        assert browser.get(link).status_code == 200


def test_a_device_is_signed_out_before_a_client_holds_it(practice: Server, signed_in: httpx.Client, link: str) -> None:
    page = signed_in.get(link)
    assert "Somebody is signed in" in page.text and 'type="radio"' not in page.text
    answer = signed_in.post(link, data={"csrf": csrf(page), "act": "hand over"})
    assert (answer.status_code, answer.headers["location"]) == (303, link)
    assert 'type="radio"' in signed_in.get(link).text
    assert signed_in.get("/").headers["location"] == "/sign-in"


def test_an_address_that_is_no_link_says_no_more_than_one_that_is_used_up(practice: Server) -> None:
    with practice.browser() as browser:
        answers = [browser.get(f"/questionnaire/{token}") for token in ("p.x", "d.x", "x", "p." + "a" * 43)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'value="[0-9a-f]{64}"', "", answer.text) for answer in answers}) == 1


@pytest.mark.parametrize("path", ["/sign-in", "/", "/door/door.css", "/_stcore/health", "/media/x", "/nothing/here"])
def test_every_answer_carries_the_headers(practice: Server, path: str) -> None:
    with practice.browser() as browser:
        headers = browser.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert "camera=()" in headers["permissions-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert path.startswith("/door/") or headers["cache-control"] == "no-store"


def test_pages_of_the_door_run_no_script_at_all(practice: Server) -> None:
    with practice.browser() as browser:
        page = browser.get("/sign-in")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in page.text and "style=" not in page.text


def test_scripts_written_into_a_page_do_not_run_except_the_known_one(signed_in: httpx.Client) -> None:
    policy = signed_in.get("/").headers["content-security-policy"]
    scripts = policy.split("script-src")[1].split(";")[0]
    assert "'unsafe-inline'" not in scripts and "'sha256-" in scripts


def test_a_page_with_a_name_knows_where_the_server_is_and_runs_no_other_script(signed_in: httpx.Client) -> None:
    first, named = signed_in.get("/"), signed_in.get("/client?client=1")
    scripts = re.findall(r"<script>(.*?)</script>", named.text, re.DOTALL)
    known = named.headers["content-security-policy"]
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert scripts and all(f"'sha256-{digest}'" in known for digest in digests)
    assert "BACKEND_BASE_URL: window.location.origin" in scripts[0]
    assert named.text.replace(f"<script>{scripts[0]}</script>", "") == first.text
    assert named.headers["cache-control"] == "no-store" and named.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("--server.enableXsrfProtection", "false", "server.enableXsrfProtection"),
        ("--server.enableStaticServing", "true", "server.enableStaticServing"),
        ("--browser.gatherUsageStats", "true", "browser.gatherUsageStats"),
        ("--client.showErrorDetails", "full", "client.showErrorDetails"),
        ("--server.maxUploadSize", "200", "server.maxUploadSize"),
        ("--server.address", "0.0.0.0", "server.address"),
    ],
)
def test_an_unsafe_setting_keeps_the_server_shut(tmp_path: Path, option: str, value: str, named: str) -> None:
    printed = tmp_path / "printed.txt"
    process = start(tmp_path, free_port(), option, value, printed=printed)
    assert process.wait(60) == 1
    words = printed.read_text()
    assert "does not start" in words and named in words
    assert "Traceback" not in words


def test_a_database_of_another_key_keeps_the_server_shut_and_says_so(practice: Server, tmp_path: Path) -> None:
    settings = practice.house.settings
    other = {**environment(tmp_path), "SECUREBASE_DATA": str(settings.data_folder), "SECUREBASE_KEY": "ab" * 32}
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(free_port())]
    ended = subprocess.run(command, cwd=ROOT, env=other, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "does not open" in ended.stderr and "Traceback" not in ended.stderr + ended.stdout
