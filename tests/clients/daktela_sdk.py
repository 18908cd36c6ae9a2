"""The sandbox as Daktela's own Python SDK sees it. Each check is one thing that an integrator does with it."""

import json
import os
import sys
import traceback
import urllib.request

from daktela import (
    AuthMethod,
    DaktelaClient,
    DaktelaConfig,
    DaktelaFilter,
    DaktelaForbiddenException,
    DaktelaNotFoundException,
    DaktelaQuery,
    DaktelaRateLimitException,
    DaktelaSort,
    DaktelaUnauthorizedException,
    DaktelaValidationException,
    RateLimitConfig,
    RetryConfig,
)

READY = json.loads(os.environ["READY_LINE"])
URL = READY["platforms"]["daktela"]["url"]
IDA = READY["platforms"]["daktela"]["users"][0]
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def client(token=IDA["access_token"], method=AuthMethod.HEADER, **more):
    return DaktelaClient(DaktelaConfig(url=URL, access_token=token, auth_method=method), **more)


def control(path, body, method="POST"):
    request = urllib.request.Request(READY["control"] + path, json.dumps(body).encode(), method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def refused(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was expected")


@check
def the_health_check_is_good():
    with client() as api:
        assert api.ping() and api.health_check()["healthy"]


@check
def every_way_to_send_the_token_works():
    for method in AuthMethod:
        with client(method=method) as api:
            assert api.get_one("statuses", "solved").as_dict()["title"] == "Solved", method


@check
def whoim_knows_the_user_and_the_token():
    with client() as api:
        user = api.get("whoim").as_dict()["user"]
        assert user["name"] == "ida" and user["_sys"]["accessToken"] == IDA["access_token"]


@check
def login_gives_a_token_that_works_and_a_wrong_password_none():
    with client(token="none-yet") as api:
        credentials = {"username": IDA["username"], "password": IDA["password"]}
        answer = api.post("login", credentials)
        assert answer.status_code == 200
        refused(DaktelaUnauthorizedException, lambda: api.post("login", {**credentials, "password": "guess"}))
    with client(token=answer.as_dict()["accessToken"]) as api:
        assert api.get("whoim").as_dict()["user"]["name"] == "ida"
        api.get("logout")
        refused(DaktelaUnauthorizedException, lambda: api.get("tickets"))


@check
def a_contact_is_created_read_changed_and_deleted():
    with client() as api:
        made = api.post("contacts", {"firstname": "Åsa", "lastname": "Sjögren", "database": "default",
                                     "customFields": {"number": ["+46846500499"]}})
        assert made.status_code == 201
        name = made.as_dict()["name"]
        assert api.get_one("contacts", name).as_dict()["title"] == "Åsa Sjögren"
        changed = api.put(f"contacts/{name}", {"lastname": "Björk"}).as_dict()
        assert changed["title"] == "Åsa Björk" and changed["customFields"]["number"] == ["+46846500499"]
        by_number = DaktelaQuery().filter(DaktelaFilter.eq("customFields.number", "+46846500499"))
        assert [row["name"] for row in api.get("contacts", by_number)] == [name]
        assert api.delete(f"contacts/{name}").status_code == 204
        refused(DaktelaNotFoundException, lambda: api.get_one("contacts", name))


@check
def a_ticket_lives_through_its_stages():
    with client() as api:
        ticket = api.post("tickets", {"title": "Printer on fire", "category": "categories_support",
                                      "priority": "HIGH"}).as_dict()
        assert isinstance(ticket["name"], int) and ticket["stage"] == "OPEN"
        closed = api.put(f"tickets/{ticket['name']}", {"stage": "CLOSE", "statuses": ["solved"]}).as_dict()
        assert closed["closed"] and closed["statuses"][0]["name"] == "solved"


@check
def what_is_wrong_is_told_per_field():
    with client() as api:
        error = refused(DaktelaValidationException, lambda: api.post("tickets", {"title": ""}))
        assert error.status_code == 400 and "title" in str(error.errors), error.errors


@check
def names_with_odd_letters_find_their_record():
    with client() as api:
        name = "q & a/50% #1"
        api.post("contacts", {"name": name, "lastname": "Odd", "database": "default"})
        assert api.get_one("contacts", name).as_dict()["lastname"] == "Odd"


@check
def filters_of_every_kind_are_understood():
    count = lambda api, *filters: api.get("tickets", DaktelaQuery().filters(*filters).take(1)).total
    with client() as api:
        everything = count(api)
        opened = count(api, DaktelaFilter.eq("stage", "OPEN"))
        assert 0 < opened < everything
        assert count(api, DaktelaFilter.neq("stage", "OPEN")) == everything - opened
        assert count(api, DaktelaFilter.in_("stage", ["OPEN"])) == opened
        assert count(api, DaktelaFilter.not_in("stage", ["OPEN"])) == everything - opened
        waiting = count(api, DaktelaFilter.eq("stage", "WAIT"))
        either = DaktelaFilter.or_(DaktelaFilter.eq("stage", "OPEN"), DaktelaFilter.eq("stage", "WAIT"))
        assert count(api, either) == opened + waiting
        assert count(api, either, DaktelaFilter.eq("stage", "WAIT")) == waiting
        assert count(api, DaktelaFilter.like("title", "%reklamace%")) >= 1
        assert count(api, DaktelaFilter.begins("title", "Reklamace")) + count(
            api, DaktelaFilter.not_begins("title", "Reklamace")) == everything
        assert count(api, DaktelaFilter.is_null("closed")) + count(
            api, DaktelaFilter.is_not_null("closed")) == everything
        assert count(api, DaktelaFilter.eq("category.title", "Support")) > 0


@check
def an_unknown_operator_is_refused():
    with client() as api:
        wrong = DaktelaQuery().filter(DaktelaFilter.custom("stage", "futureOperator", "x"))
        refused(DaktelaValidationException, lambda: api.get("tickets", wrong))
        refused(DaktelaValidationException, lambda: api.get("tickets", DaktelaQuery().param("take", 1001)))


@check
def sorting_fields_and_paging_hold_together():
    with client() as api:
        query = DaktelaQuery().fields("name", "title").sort(DaktelaSort.asc("name"))
        pages = api.iterate("contacts", query, page_size=7)
        rows = list(pages)
        names = [row["name"] for row in rows]
        assert pages.total == len(rows) == len(set(names)) >= 48
        assert names == sorted(names, key=str.lower) and set(rows[0]) == {"name", "title"}


@check
def relations_are_lists():
    with client() as api:
        statuses = api.get_relation("ticketsCategories", "categories_support", "statuses")
        assert statuses.total == 4 and {"solved"} <= {row["name"] for row in statuses}


@check
def an_agent_goes_ready_is_rung_and_files_the_call():
    with client() as api:
        refused(DaktelaValidationException, lambda: api.post("usersSession", {"setReady": True}))
        api.post("usersSession", {"setReady": True, "extension": "301", "model": "sipDevices"})
        rung = control("/ring", {"agent": "ida", "queue": 2000})["activity"]
        pull = api.get("appPullData", DaktelaQuery().param("hash", "")).as_dict()
        assert [row["name"] for row in pull["activities"]] == [rung]
        assert api.put(f"activities/{rung}", {"action": "OPEN", "_exten": "301"}).as_dict()["action"] == "OPEN"
        api.put(f"activities/{rung}", {"hangup": {"channel": None}})
        error = refused(DaktelaValidationException, lambda: api.put(f"activities/{rung}", {"action": "CLOSE"}))
        assert "statuses" in str(error.errors)
        filed = api.put(f"activities/{rung}", {"action": "CLOSE", "statuses": ["solved"]}).as_dict()
        assert filed["action"] == "CLOSE"
        api.post("usersSession", {"setReady": False})


@check
def what_is_forbidden_or_missing_has_its_own_exception():
    with client() as api:
        refused(DaktelaNotFoundException, lambda: api.get("nonsense"))
        control("/permissions", {"user": "ida", "deny": ["templates"]})
        refused(DaktelaForbiddenException, lambda: api.get("templates"))
        control("/permissions", {"user": "ida", "deny": []})


@check
def rate_limits_and_proxies_in_trouble_are_survived():
    patient = {"retry_config": RetryConfig(max_retries=3, initial_delay=0.01)}
    with client(**patient) as api:
        for fault in ({"kind": "status", "status": 502}, {"kind": "status", "status": 429, "retry_after": "0"}):
            control("/faults", {**fault, "route": "statuses", "count": 1})
            assert api.get("statuses").total == 9, fault
    with client(rate_limit_config=RateLimitConfig.disabled()) as api:
        control("/faults", {"kind": "status", "status": 429, "retry_after": "7", "route": "statuses", "count": 1})
        error = refused(DaktelaRateLimitException, lambda: api.get("statuses"))
        assert error.retry_after == 7


def main():
    failed = 0
    for function in CHECKS:
        try:
            function()
            print(f"ok   {function.__name__}")
        except Exception:
            failed += 1
            print(f"FAIL {function.__name__}")
            traceback.print_exc(file=sys.stdout)
    print(f"clients: {len(CHECKS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
