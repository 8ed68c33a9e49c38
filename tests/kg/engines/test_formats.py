from kg.engines.formats import GRAPH_TYPES, GRAPHS, TABLE_TYPES, TABLES


def test_each_format_is_called_as_the_store_calls_it() -> None:
    for each in (*TABLES, *GRAPHS):
        assert each.writer.media_type.partition(";")[0] == each.media_type


def test_own_names_stand_before_other_names() -> None:
    assert list(TABLE_TYPES)[: len(TABLES)] == [each.media_type for each in TABLES]
    assert list(GRAPH_TYPES)[: len(GRAPHS)] == [each.media_type for each in GRAPHS]
