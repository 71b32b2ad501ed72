"""The page of an evaluation: one file that loads nothing from elsewhere."""

from __future__ import annotations

from finscribe.evaluation import confidence_sections, documents, sections
from finscribe.evaluation.predictions import Journal
from finscribe.evaluation.results import Evaluation
from finscribe.reports import page
from finscribe.reports.comparison import STYLE


def render_evaluation(evaluation: Evaluation, journal: Journal) -> str:
    """The page; the journal holds the answers of the documents that are shown."""
    test = evaluation.test
    kinds = sections.colours(evaluation)
    made = evaluation.created[:16].replace("T", " ")
    said = f"{len(test.cases):,} documents of {evaluation.clusters.count:,} vendors, {made} UTC"
    name = test.source.rstrip("/").rpartition("/")[2]
    body = "".join(
        [
            f"<style>{STYLE}</style>",
            page.header("Evaluation", name, said),
            page.notes(list(evaluation.notes)),
            sections.tiles(evaluation, kinds),
            '<div class="grid2">',
            *(sections.differences(evaluation, comparison) for comparison in evaluation.comparisons[:1]),
            sections.field_bars(evaluation, kinds),
            confidence_sections.calibration(evaluation, kinds),
            confidence_sections.automation(evaluation, kinds),
            sections.mistakes(evaluation),
            documents.sections(evaluation, journal),
            sections.figures_table(evaluation),
            *(sections.differences(evaluation, comparison) for comparison in evaluation.comparisons[1:]),
            sections.made_with(evaluation),
            "</div>",
        ]
    )
    return page.render(f"Evaluation {name}", body)
