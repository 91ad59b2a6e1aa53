"""The index of the rows of terms that the graph must express: each has the tests that show it, none is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = HERE.parents[1]
TERMS = HERE.parents[3] / "shared" / "TERMS.md"
ROWS: dict[str, tuple[str, ...]] = {
    "deductible": (
        "test_a_deductible_is_what_its_measure_says",
        "test_a_franchise_is_kept_whole_until_the_loss_exceeds_it",
        "test_a_deductible_of_each_item_is_taken_item_by_item",
        "test_a_deductible_of_the_event_is_shared_by_its_parts_in_proportion",
        "test_the_contract_language_example_of_a_deductible_by_value_for_each_risk",
        "test_the_contract_language_example_of_a_deductible_with_a_most",
        "test_too_little_kept_is_made_up_to_the_least",
    ),
    "limit": (
        "test_a_limit_of_each_item_and_a_limit_of_the_part",
        "test_a_tree_of_sublimits_cuts_from_the_leaves_to_the_root",
        "test_a_sublimit_outside_the_aggregate_does_not_use_it",
        "test_a_sublimit_inside_the_aggregate_uses_both",
        "test_the_plain_aggregate_and_event_limit_leave_out_named_parts",
        "test_the_contract_language_example_of_an_aggregate_limit_at_a_half",
        "test_the_contract_language_example_of_a_layer_with_a_share",
        "test_an_aggregate_deductible_is_used_up_over_the_period",
    ),
    "share": (
        "test_a_share_is_rounded_on_the_running_sum_of_the_parts",
        "test_the_contract_language_example_of_a_third_rounds_as_the_product_says",
        "test_a_conditional_retention_adds_ten_points_only_while_its_facts_hold",
        "test_a_sliding_share_grows_with_the_days_unpatched",
    ),
    "averaging": ("test_under_insurance_pays_as_sum_insured_to_value",),
    "waiting": (
        "test_a_waiting_period_used_as_trigger_pays_from_the_first_minute",
        "test_a_waiting_period_counts_elapsed_hours_where_the_clocks_change",
        "test_a_waiting_period_as_trigger_looks_at_elapsed_hours",
    ),
    "BI": (
        "test_the_four_retention_modes_of_an_interruption",
        "test_several_interruptions_each_bear_their_own_waiting_period_and_item_rules",
    ),
    "indemnity": (
        "test_the_indemnity_period_runs_from_the_start_or_from_the_end_of_waiting",
        "test_a_day_of_the_indemnity_period_has_twenty_four_hours_where_the_clocks_change",
        "test_extra_expense_is_paid_up_to_the_loss_that_it_avoided_and_after_the_retention",
        "test_saved_cost_is_no_loss",
        "test_saved_cost_a_part_of_output_and_credits_are_taken_off_to_the_fen",
    ),
    "aggregation": ("test_incidents_of_one_cause_at_one_provider_within_the_window_are_one_event",),
    "reinstatement": (
        "test_a_reinstated_limit_pays_each_time_up_to_itself_and_charges_for_what_it_restores",
        "test_free_reinstatements_charge_nothing_and_restore_the_limit_for_each_incident",
    ),
    "parametric": ("test_a_fixed_payment_depends_on_the_length_of_the_trigger_alone",),
    "defence": (
        "test_defence_costs_stand_outside_the_limit_or_inside_it",
        "test_mitigation_cost_comes_on_top_up_to_its_own_limit",
    ),
    "claims-made": (
        "test_claims_made_with_retroactive_date_extended_reporting_and_circumstances",
        "test_discovery_in_the_period_or_in_the_window_after_it",
        "test_notice_before_its_window_closes",
    ),
    "widespread": ("test_a_widespread_event_has_its_own_retention_limit_and_share",),
    "war": (
        "test_until_somebody_has_ruled_the_item_is_unknown",
        "test_with_attribution_an_inference_alone_decides_nothing_and_without_it_the_proof_does",
        "test_a_bystanding_system_outside_the_state_is_written_back_by_one_model_only",
    ),
    "service-in-kind": ("test_services_in_kind_draw_down_units_and_leave_the_cash_aggregate_alone",),
    "co-insurance": (
        "test_five_postings_give_the_table_to_the_fen",
        "test_the_premium_is_split_and_each_follower_billed_its_lead_fee",
        "test_a_quota_share_is_rounded_on_the_running_total_of_the_period",
        "test_a_surplus_cedes_what_lies_above_the_line",
        "test_excess_of_loss_for_each_risk_then_for_the_event_then_stop_loss",
    ),
}


def test_every_test_that_the_index_names_is_there() -> None:
    rooms = ("terms", "product", "catalogue", "settlement")
    texts = (path.read_text(encoding="utf-8") for room in rooms for path in (TESTS / room).rglob("test_*.py"))
    there = {name for text in texts for name in re.findall(r"^def (test_\w+)", text, flags=re.MULTILINE)}
    assert [name for names in ROWS.values() for name in names if name not in there] == []


def test_every_row_of_the_shared_table_stands_in_the_index() -> None:
    if not TERMS.exists():
        pytest.skip("the shared table of terms is not beside the project")
    table = TERMS.read_text(encoding="utf-8").split("\n## 3. ", 1)[1].split("\n## 4. ", 1)[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")][2:]
    first = [re.split(r"[\s:,]", row.strip(), maxsplit=1)[0] for row in rows]
    assert first == list(ROWS)
