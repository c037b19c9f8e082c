from itertools import combinations
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from apmsl.lib.charts.places import room_of
from apmsl.lib.clusters import apart, clusters

coordinates = st.floats(0, 600, allow_nan=False)
places = st.lists(st.tuples(coordinates, coordinates), max_size=60)
# Teams of one town share its point.
crowded = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=60)


def numbered(points):
    return [(float(x), float(y), rank) for rank, (x, y) in enumerate(points)]


@given(places | crowded)
def test_every_point_is_in_exactly_one_cluster(points):
    found = clusters(numbered(points), radius=room_of)

    members = [member for cluster in found for member in cluster.members]
    assert sorted(members) == list(range(len(points)))
    assert all(cluster.members for cluster in found)


@given(places | crowded)
def test_no_two_clusters_overlap(points):
    found = clusters(numbered(points), radius=room_of)

    for one, other in combinations(found, 2):
        gap = hypot(one.x - other.x, one.y - other.y)
        assert gap >= one.radius + other.radius
    assert all(cluster.radius == room_of(len(cluster.members)) for cluster in found)


@given(places | crowded)
def test_a_cluster_stands_in_the_middle_of_its_points(points):
    marked = numbered(points)
    for cluster in clusters(marked, radius=room_of):
        own = [marked[member] for member in cluster.members]
        assert abs(cluster.x - sum(x for x, _, _ in own) / len(own)) < 0.01
        assert abs(cluster.y - sum(y for _, y, _ in own) / len(own)) < 0.01


@given(places, st.randoms())
def test_the_order_of_the_points_changes_nothing(points, chance):
    marked = [(x, y, (x, y)) for x, y in points]
    shuffled = list(marked)
    chance.shuffle(shuffled)

    one = clusters(marked, radius=room_of)
    other = clusters(shuffled, radius=room_of)

    assert [(c.x, c.y, sorted(c.members)) for c in one] == [
        (c.x, c.y, sorted(c.members)) for c in other
    ]


def test_points_with_room_between_them_stay_apart():
    assert len(clusters([(0, 0, "a"), (41, 0, "b"), (0, 41, "c")], radius=room_of)) == 3
    assert len(clusters([(0, 0, "a"), (40, 0, "b"), (0, 90, "c")], radius=room_of)) == 2


@given(places | crowded)
def test_marks_moved_apart_are_all_there_and_do_not_overlap(points):
    placed = apart(numbered(points), radius=9)

    assert sorted(mark.item for mark in placed) == list(range(len(points)))
    for one, other in combinations(placed, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= 18


def test_a_mark_with_room_around_it_stays_where_it_belongs():
    alone, beside = apart([(0, 0, "a"), (5, 0, "b")], radius=9)

    assert (alone.x, alone.y) == (0, 0)
    assert (beside.x, beside.y) != (5, 0)
    assert (beside.home_x, beside.home_y) == (5, 0)
