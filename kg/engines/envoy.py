"""An envoy: a worker without a store, which asks other endpoints what stands in SERVICE.

It gives back the question with their answers put in, for a worker that has the store and no way
out. Ending its process hangs up on whom it asks.
"""

import os
from typing import Final, NoReturn

from kg.engines import failures, walls
from kg.engines.federation import expand_services
from kg.engines.frames import Channel, Frame, Kind, with_content
from kg.engines.limits import memory_detail
from kg.engines.wire import read_question, with_query
from kg.errors import KgError, QueryTooLarge
from kg.settings import Settings

GRACE_SECONDS: Final = 1.0
"""So long after the deadline the service ends an envoy that has not said itself whom it asked."""


def work_abroad(channel: Channel, settings: Settings, parent: int) -> NoReturn:
    """Expand questions until the service hangs up; ends the process."""
    walls.die_with_parent(parent)
    walls.name_process("ssc4c-envoy")
    walls.limit_memory(settings.query_memory)
    while True:
        try:
            frame = channel.receive()
        except (EOFError, OSError):
            os._exit(0)
        reply = _expand(frame, settings)
        channel.send(reply)
        reply.close()


def _expand(frame: Frame, settings: Settings) -> Frame:
    """The question that asks nobody else any more, or the error that keeps it from being asked."""
    seconds = min(frame.seconds or settings.query_timeout, settings.query_timeout_max)
    try:
        content = frame.content()
        query = expand_services(read_question(content)["query"], settings, seconds)
        return with_content(Kind.QUERY, frame.id, with_query(content, query))
    except KgError as error:
        failure = error
    except MemoryError:
        failure = QueryTooLarge(memory_detail(settings))
    return Frame(Kind.FAILURE, frame.id, failures.encode(failure))
