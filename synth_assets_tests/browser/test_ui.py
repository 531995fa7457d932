"""The Dagster UI on the lake of a finished run, as Chromium shows it. Pictures of the pages are kept."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomlkit

from synth_assets.assets.overview import GROUPS, in_order_of_the_road
from synth_assets.lake.lake import Lake
from synth_assets.settings import SETTINGS_FILE, load_settings
from synth_assets.tables import TABLES
from synth_assets_tests.automation.web_server import LOCATION, WebServer, web_server
from synth_assets_tests.browser.chromium import Page, chromium
from synth_assets_tests.conftest import Road

pytestmark = pytest.mark.slow

RAN = "window.synthAssetsPlanted"
HOSTILE = (
    f"<script>{RAN} = 1; alert('script')</script>",
    f"<img src=x onerror=\"{RAN} = 1; alert('image')\">",
    f"[a link](javascript:{RAN}=1) ![a picture](javascript:{RAN}=1)",
    f'| ends | the cell <iframe srcdoc="<script>parent.{RAN.removeprefix("window.")}=1</script>"></iframe>',
    f'<a href="javascript:{RAN}=1">another link</a>',
)
NO_LINK_RUNS = "[...document.querySelectorAll('a,img,iframe')].every(e => !/^javascript:/i.test(e.href || e.src || ''))"


@pytest.fixture(scope="module")
def folder(road: Road, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the lake of a finished run, whose corpus has another shard: documents that are full of markup."""
    place = tmp_path_factory.mktemp("browser")
    shutil.copytree(road.folder, place / "lake")
    (place / "corpus").mkdir()
    lines = [json.dumps({"id": f"{number} {text}", "title": text, "text": text}) for number, text in enumerate(HOSTILE)]
    (place / "corpus" / "hostile.jsonl").write_text("\n".join(lines))
    written = place / "lake" / SETTINGS_FILE
    settings = tomlkit.parse(written.read_text())
    sources = settings["corpus"]["sources"]  # type: ignore[index]
    sources.append(str(place / "corpus" / "*.jsonl"))  # type: ignore[union-attr]
    written.write_text(tomlkit.dumps(settings))
    return place / "lake"


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[WebServer]:
    with web_server(folder) as running:
        yield running


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


def _show(page: Page, label: str) -> None:
    """Unfold an entry of the metadata, as a person does: the page shows long Markdown in a dialog."""
    row = f"[...document.querySelectorAll('tr')].find(r => r.cells[0]?.innerText.trim() === {json.dumps(label)})"
    link = f"[...{row}.querySelectorAll('*')].filter(e => e.innerText?.trim() === '[Show Markdown]').pop()"
    page.wait_until(f"!!({row}) && !!({link})")
    page.value(f"{link}.click()")


def _open(page: Page, server: WebServer, path: str) -> None:
    page.open(f"http://127.0.0.1:{server.port}/{path}")


def test_the_asset_graph_shows_the_groups_in_the_order_of_the_road(page: Page, server: WebServer) -> None:
    page.size(2200, 900)
    _open(page, server, "asset-groups")
    said = page.wait_for(*map(in_order_of_the_road, GROUPS))
    page.picture("asset_graph")
    shown = [said.index(in_order_of_the_road(group)) for group in GROUPS]
    assert shown == sorted(shown)


def test_the_page_to_read_first_explains_the_location(page: Page, server: WebServer) -> None:
    page.size(1600, 1300)
    _open(page, server, "assets/READ_ME?view=overview")
    page.wait_for("From a corpus to scaling laws", "How to read an asset", "a blocking one that fails stops everything")
    page.picture("read_me")


@pytest.mark.parametrize(
    ("asset", "words", "kind"),
    [
        ("concept_edges", "strongest part", "png"),
        ("reference_documents", "scores", "png"),
        ("questions", "by method and level", "svg"),
        ("contamination", "by rule", "svg"),
    ],
)
def test_the_page_of_an_asset_shows_its_picture_and_its_words(
    page: Page, server: WebServer, asset: str, words: str, kind: str
) -> None:
    page.size(1600, 1300)
    _open(page, server, f"assets/{asset}?view=overview")
    page.wait_for(words, TABLES[asset].description.split(":")[0])
    _show(page, words)
    pictures = f"[...document.images].filter(i => i.src.startsWith('data:image/{kind}'))"
    page.wait_until(f"{pictures}.length > 0 && {pictures}.every(i => i.complete && i.naturalWidth > 300)")
    page.picture(f"asset_{asset}")


def test_a_backfill_in_progress_says_how_far_it_is(page: Page, server: WebServer) -> None:
    page.size(1600, 900)
    backfill = server.launch_backfill("questions", ["level_1|documents", "level_2|documents"])
    _open(page, server, f"runs/b/{backfill}")
    page.wait_for(backfill, "questions", "Partitions targeted", "In progress", "completed")
    page.picture("backfill_in_progress")
    assert server.end_of_backfill(backfill)["status"] == "COMPLETED_SUCCESS"


def test_a_failed_check_that_blocks_stops_what_follows_and_says_why(
    page: Page, server: WebServer, folder: Path
) -> None:
    lake = Lake(load_settings(folder).lake_in(folder))
    with lake.cursor() as cursor:  # what no stage can do: ids that another partition holds too
        cursor.execute(
            "INSERT INTO lake.reference_documents BY NAME "
            "SELECT * REPLACE ('ghost' AS shard) FROM lake.reference_documents WHERE shard = 'documents' LIMIT 2"
        )
    try:
        before = _run_of(server, "document_concepts")
        run = server.launch_run(["reference_documents", "document_concepts"], {"dagster/partition": "documents"})
        assert server.end_of_run(run) == "FAILURE"
        assert _run_of(server, "reference_documents") == run
        assert _run_of(server, "document_concepts") == before
        page.size(1600, 1000)
        _open(page, server, "assets/reference_documents?view=checks")
        page.click("keys_unique_and_not_null")
        page.wait_for("is unique and never null", "blocking asset check", "repeated", "for example", "Failed")
        page.picture("failed_check")
    finally:
        with lake.cursor() as cursor:
            cursor.execute("DELETE FROM lake.reference_documents WHERE shard = 'ghost'")
        lake.close()


def test_markup_in_documents_stays_text_on_the_page_of_their_asset(page: Page, server: WebServer) -> None:
    added = server.ask(
        """mutation($at: RepositorySelector!) { addDynamicPartition(repositorySelector: $at,
            partitionsDefName: "shards", partitionKey: "hostile") { __typename } }""",
        at={"repositoryLocationName": LOCATION, "repositoryName": "__repository__"},
    )
    # Where the sensor of new sources is on, it may have been faster.
    assert added["addDynamicPartition"]["__typename"] in (
        "AddDynamicPartitionSuccess",
        "DuplicateDynamicPartitionError",
    )
    run = server.launch_run(["documents"], {"dagster/partition": "hostile"})
    assert server.end_of_run(run) == "SUCCESS"
    page.size(1600, 1300)
    _open(page, server, "assets/documents?view=partitions&partition=hostile")
    page.wait_for("preview")
    _show(page, "preview")
    page.wait_for("<script>", "onerror", "[a link](javascript:", "<iframe")
    assert page.value(NO_LINK_RUNS)
    assert page.value(f"typeof {RAN}") == "undefined"
    assert page.dialogs == []
    page.picture("markup_stays_text")


def _run_of(server: WebServer, asset: str) -> str:
    """The run of the latest materialisation."""
    (latest,) = server.ask(
        """query($it: AssetKeyInput!) { assetNodeOrError(assetKey: $it) { ... on AssetNode {
            assetMaterializations(limit: 1) { runId } } } }""",
        it={"path": [asset]},
    )["assetNodeOrError"]["assetMaterializations"]
    return str(latest["runId"])
