"""Tells aggregates and functions that give rows from all others, by name: what a parser makes of them is no guide."""

from __future__ import annotations

from typing import Any, Final

from sqlglot import exp

from lumia.typedsql.prove.facts import SchemaFacts

__all__ = ["COLLECTING", "function_name", "gives_rows", "is_aggregate"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AGGREGATES: Final = {
    "postgresql": _names(
        "any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp cume_dist "
        "dense_rank every json_agg json_agg_strict json_arrayagg json_object_agg json_object_agg_strict "
        "json_object_agg_unique json_object_agg_unique_strict json_objectagg jsonb_agg jsonb_agg_strict "
        "jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict max min mode "
        "percent_rank percentile_cont percentile_disc range_agg range_intersect_agg rank regr_avgx regr_avgy "
        "regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp "
        "string_agg sum var_pop var_samp variance xmlagg"
    ),
    "sqlite": _names(
        "avg count group_concat json_group_array json_group_object jsonb_group_array jsonb_group_object max median min "
        "percentile percentile_cont percentile_disc string_agg sum total"
    ),
}
_AGGREGATE_NODES: Final = (
    exp.Sum, exp.Min, exp.Max, exp.Avg, exp.Count, exp.ArrayAgg, exp.GroupConcat, exp.JSONArrayAgg, exp.JSONObjectAgg,
    exp.LogicalAnd, exp.LogicalOr, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop,
    exp.AnyValue, exp.Corr, exp.CovarPop, exp.CovarSamp, exp.PercentileCont, exp.PercentileDisc, exp.Mode,
    exp.BitwiseAndAgg, exp.BitwiseOrAgg, exp.BitwiseXorAgg, exp.WithinGroup, exp.Filter,
)  # fmt: skip
_SERIES: Final = (
    exp.Unnest, exp.Explode, exp.Posexplode, exp.GenerateSeries, exp.ExplodingGenerateSeries,
)  # fmt: skip
_SET_RETURNING: Final = _names(
    "aclexplode generate_series generate_subscripts json_array_elements json_array_elements_text json_each "
    "json_each_text json_object_keys json_populate_recordset json_to_recordset jsonb_array_elements "
    "jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_object_keys jsonb_path_query jsonb_path_query_tz "
    "jsonb_populate_recordset jsonb_to_recordset regexp_matches regexp_split_to_table string_to_table ts_debug "
    "ts_parse ts_stat ts_token_type unnest"
)
COLLECTING: Final = (exp.ArrayAgg, exp.GroupConcat, exp.JSONArrayAgg, exp.JSONObjectAgg)
"""The aggregates whose value depends on the order of their rows."""


def function_name(node: exp.Expr) -> str:
    """Return a function's name in lower case, as far as the parser kept it."""
    if isinstance(node, exp.Anonymous):
        return node.name.lower()
    return node.sql_name().lower() if isinstance(node, exp.Func) else ""


def is_aggregate(node: exp.Expr, facts: SchemaFacts) -> bool:
    """Tell whether the node is a call of an aggregate function over the rows of its SELECT."""
    above: Any = node.parent
    if isinstance(above, (exp.Filter, exp.WithinGroup)):
        above = above.parent
    if isinstance(above, exp.Window) and node.arg_key == "this":
        return False
    if isinstance(node, (exp.Max, exp.Min)) and node.expressions:
        return False
    if isinstance(node, _AGGREGATE_NODES):
        return True
    names = _AGGREGATES[facts.engine] | facts.aggregates
    return isinstance(node, exp.Func) and function_name(node) in names


def gives_rows(node: exp.Expr, facts: SchemaFacts) -> bool:
    """Tell whether the node is a call that gives rows where it stands in a SELECT list."""
    if facts.engine == "sqlite":
        return False
    return isinstance(node, _SERIES) or function_name(node) in _SET_RETURNING | facts.set_returning
