import os
import tempfile

import pytest

from kg.engines import QueryRequest
from kg.engines.frames import INLINE, Frame, Kind
from kg.engines.wire import (
    SharedFile,
    read_answer,
    read_label,
    read_question,
    with_query,
    write_answer,
    write_question,
)


@pytest.mark.parametrize("filling", ["", "# " + "long " * INLINE + "\n"])
def test_a_question_arrives_as_it_was_asked(filling: str) -> None:
    request = QueryRequest(
        filling + "ASK { ?s ?p 'é\n' }", "text/csv", None, 2.5, ("http://a/",), (), "1-a", "me"
    )

    frame = write_question(Kind.QUERY, request)
    label = read_label(frame)

    assert (frame.id.hex(), frame.seconds) == (request.id, 2.5)
    assert (label.is_repeatable, label.snapshot, label.client) == (True, "1-a", "me")
    assert request.query.startswith(label.text)
    assert read_question(frame.content()) == {
        "query": request.query,
        "table": "text/csv",
        "graph": None,
        "default_graphs": ["http://a/"],
        "named_graphs": [],
    }


@pytest.mark.parametrize("service", ["SERVICE <http://a/>", "'SERVICE'"])
def test_the_label_tells_whether_others_are_asked_and_the_query_can_be_replaced(
    service: str,
) -> None:
    frame = write_question(Kind.QUERY, QueryRequest(f"ASK {{ {service} {{}} }}", "text/csv"))

    other = read_question(with_query(frame.content(), "ASK {}"))

    assert read_label(frame).asks_others == service.startswith("SERVICE")
    assert (other["query"], other["table"]) == ("ASK {}", "text/csv")


def test_what_is_no_question_is_told() -> None:
    with pytest.raises(ValueError):
        read_label(Frame(Kind.QUERY, body=b"GET /"))


def test_a_kept_answer_says_so() -> None:
    frame = write_answer(bytes(16), "text/csv", "1-a", 0.25, b"x\r\n1\r\n")

    made, kept = (read_answer(frame._replace(kind=kind)) for kind in (Kind.ANSWER, Kind.KEPT))

    assert (made.media_type, made.snapshot, made.seconds, made.is_kept) == (
        "text/csv",
        "1-a",
        0.25,
        False,
    )
    assert kept.is_kept
    assert kept.read() == b"x\r\n1\r\n"


def test_readers_of_one_file_do_not_disturb_each_other() -> None:
    content = bytes(range(256)) * 1000
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        one, other = (SharedFile(os.dup(file.fileno()), len(content)) for _ in range(2))

    with one, other:
        assert one.read(1000) == content[:1000]
        assert other.read() == content
        assert one.read() == content[1000:]
        assert one.seek(-10, os.SEEK_END) == len(content) - 10
        assert one.read(20) == content[-10:]
