"""The admin endpoint and the HTML page that every simulator has."""

from simulators.core.agenda import due_text
from simulators.core.errors import AdminError
from simulators.core.message import Answer, Request
from simulators.core.page import Section, render
from simulators.core.simulator import Simulator

ADMIN_PREFIX = "/_admin/"


def is_admin(request: Request) -> bool:
    """Whether the request is for the admin endpoint or the page rather than the simulated system."""
    return request.path.startswith(ADMIN_PREFIX) or (request.path == "/" and request.method == "GET")


def answer_admin(simulator: Simulator, request: Request) -> Answer:
    """Carry out one admin request; errors come back as JSON ``{"error": ...}`` with a 4xx status."""
    try:
        simulator.advance()
        if request.path == "/":
            return page_of(simulator)
        parts = request.path[len(ADMIN_PREFIX) :].strip("/").split("/")
        answer = _common(simulator, request, parts[0]) if len(parts) == 1 else None
        if answer is None:
            with simulator.store.transaction():
                answer = simulator.admin(request, parts)
        # What the admin request made due is done before the answer, so a test never has to wait for it.
        simulator.advance()
        if answer is None:
            raise AdminError(f"no admin path {request.method} {request.path}", 404)
        return answer
    except AdminError as error:
        return Answer({"error": str(error)}, error.status)
    except ValueError as error:
        return Answer({"error": f"the body could not be read: {error}"}, 400)


def json_object(request: Request) -> dict[str, object]:
    """Body of an admin request as a JSON object.

    Raises:
        AdminError: it is something else.
    """
    data = request.json()
    if not isinstance(data, dict):
        raise AdminError(f"the body must be a JSON object, got {type(data).__name__}")
    return data


def _common(simulator: Simulator, request: Request, name: str) -> Answer | None:
    match (request.method, name):
        case ("GET", "state"):
            return Answer(simulator.state())
        case ("POST", "reset"):
            simulator.reset()
            return Answer({"reset": True})
        case (_, "faults"):
            return _faults(simulator, request)
        case (_, "requests"):
            return _requests(simulator, request)
        case ("GET" | "POST", "clock"):
            return _clock(simulator, request)
        case ("POST", "settings"):
            simulator.settings.update(json_object(request))
            simulator.settings_changed()
            return Answer(simulator.settings.as_dict())
        case ("GET", "settings"):
            return Answer(simulator.settings.as_dict())
    return None


def _faults(simulator: Simulator, request: Request) -> Answer:
    if request.method == "POST":
        simulator.faults.arm(request.json(), simulator.clock.now().timestamp())
    elif request.method == "DELETE":
        simulator.faults.clear()
    return Answer({"faults": [rule.as_dict() for rule in simulator.faults.rules()]})


def _requests(simulator: Simulator, request: Request) -> Answer:
    if request.method == "DELETE":
        simulator.journal.clear()
    limit = int(request.query.get("limit", "200"))
    entries = simulator.journal.entries(request.query.get("endpoint", "*"), limit)
    return Answer({"requests": [entry.as_dict() for entry in entries]})


def _clock(simulator: Simulator, request: Request) -> Answer:
    if request.method == "POST":
        seconds = json_object(request).get("advance_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise AdminError('the body must be {"advance_seconds": number}')
        simulator.clock.advance(seconds)
        simulator.advance()
    clock = simulator.clock
    return Answer(
        {"now": clock.now().isoformat(), "wall": clock.wall().isoformat(), "offset_seconds": clock.offset}
    )


def page_of(simulator: Simulator) -> Answer:
    """The HTML page: the simulator's own tables, waiting work, armed faults, last calls."""
    jobs = Section(
        "Waiting work",
        ["due (simulated)", "kind", "key"],
        [[due_text(job, simulator.clock), job.kind, job.key] for job in simulator.agenda.waiting()[:100]],
    )
    faults = Section(
        "Armed faults",
        ["kind", "endpoint", "match", "times", "probability", "fired"],
        [
            [r.kind.value, r.endpoint, r.match, r.times, r.probability, r.fired]
            for r in simulator.faults.rules()
        ],
    )
    calls = Section(
        "Last calls",
        ["#", "at", "endpoint", "status", "faults", "ms"],
        [
            [e.number, e.at, e.endpoint, e.status or "dropped", ", ".join(e.faults), f"{e.milliseconds:.1f}"]
            for e in reversed(simulator.journal.entries(limit=30))
        ],
    )
    lead = f"Simulated time {simulator.clock.now():%Y-%m-%d %H:%M:%S} (ahead by {simulator.clock.offset:g} s)"
    html = render(f"{simulator.name} simulator", lead, [*simulator.sections(), jobs, faults, calls])
    return Answer(html, content_type="text/html; charset=utf-8")
