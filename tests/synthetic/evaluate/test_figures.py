import numpy as np
import pytest

from synthetic.evaluate.__main__ import ridge_answers
from synthetic.evaluate.report import agreement


def test_figures_of_a_known_case() -> None:
    found = agreement([0, 10, 20], [1, 10, 19], [(0, 2), (9, 11), (18, 19.5)])
    assert found.count == 3
    assert found.mae_deg == pytest.approx(2 / 3)
    assert found.bias_deg == pytest.approx(0)
    assert found.slope == pytest.approx(0.9)
    assert found.correlation == pytest.approx(1)
    assert found.coverage == pytest.approx(2 / 3)
    assert found.half_width_deg == pytest.approx((1 + 1 + 0.75) / 3)


def test_a_constant_answer_has_no_slope() -> None:
    found = agreement([0, 10, 20], [5, 5, 5])
    assert np.isnan(found.slope)
    assert np.isnan(found.coverage)


def test_ridge_finds_a_linear_rule() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 4))
    rule = np.array([1.0, -2.0, 0.5, 0.0])
    answers = ridge_answers(x[:400], x[:400] @ rule + 3, x[400:])
    assert np.abs(answers - (x[400:] @ rule + 3)).max() < 0.1
