"""The report: one HTML file that opens without a network, from the tables of the lake."""

from collections.abc import Callable

import polars as pl
import tomlkit

from synth_assets import __version__
from synth_assets.reports import figures, findings
from synth_assets.reports.decontamination_section import decontamination_section
from synth_assets.reports.diversity_section import diversity_section
from synth_assets.reports.duplicates_section import duplicates_section
from synth_assets.reports.funnel import FUNNEL
from synth_assets.reports.graph_section import graph_section
from synth_assets.reports.methods_section import methods_section
from synth_assets.reports.mixtures_section import mixtures_section
from synth_assets.reports.pages import page, shown
from synth_assets.reports.scaling_section import scaling_section
from synth_assets.reports.svg import inline
from synth_assets.settings import Settings

Query = Callable[[str], pl.DataFrame]
"""Runs SQL over the lake."""


def report_page(query: Query, settings: Settings, snapshot: int) -> str:
    """The report as HTML. Every text of a document or a model is escaped.

    The page holds no date: the same tables and settings give the same bytes.
    """
    observations = query("select * from scaling_observations order by all")
    return page("report.html.j2").render(
        version=__version__,
        snapshot=snapshot,
        settings=tomlkit.dumps(settings.model_dump(mode="json", exclude_none=True)),
        sources=settings.corpus.sources,
        funnel=figures.bars(query(FUNNEL).select("step", "count")),
        found={name: query(sql).to_dicts() for name, sql in findings.QUERIES.items()},
        scores=inline(figures.score_histogram(query(findings.SCORES), settings.filter.threshold).svg),
        graph=graph_section(*(query(sql) for sql in findings.GRAPH)),
        contamination=decontamination_section(*(query(sql) for sql in findings.DECONTAMINATION.values())),
        duplicates=duplicates_section(*(query(sql) for sql in findings.DUPLICATES.values())),
        scaling=scaling_section(
            observations,
            query(findings.SCALING["predictions"]),
            query(findings.SCALING["conclusions"]),
            settings.scaling.hold_out,
        ),
        methods=methods_section(*(query(sql) for sql in findings.METHODS)),
        diversity=diversity_section(*(query(sql) for sql in findings.DIVERSITY)),
        mixtures=mixtures_section(*(query(sql) for sql in findings.MIXTURES)),
        shown=shown,
    )
