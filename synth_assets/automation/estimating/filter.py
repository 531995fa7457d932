"""What training the domain filter would ask: the syllabus, its ratings, and rounds of ratings of corpus documents."""

from synth_assets.automation.estimating.corpus import EXACT, Corpus
from synth_assets.automation.estimating.parts import Amount, Ground, Part, added, fresh, tallied
from synth_assets.automation.estimating.past import PLANNED
from synth_assets.corpus.background import background
from synth_assets.tables import DOMAIN_RATINGS
from synth_assets.teachers.asking import Request
from synth_assets.teachers.tasks import RateDocument, SourceDocument, SyllabusDocument, WriteSyllabusDocument

STAGE = DOMAIN_RATINGS.name

BLANK = SourceDocument(document_id="", title="A title of some words", text="")

RATED = """
select document_id, title, text from documents
where document_id in (select document_id from domain_ratings where origin = 'corpus') limit $most"""


def filter_parts(ground: Ground, corpus: Corpus) -> tuple[list[Part], list[SourceDocument]]:
    """The requests of `domain_ratings`, and the syllabus documents that are written already."""
    if ground.past.settled(STAGE) and ground.past.settled("domain_classifier"):
        return [fresh(STAGE, "", RateDocument.kind)], []
    written, syllabus = _syllabus(ground)
    parts = [
        Part(STAGE, "", WriteSyllabusDocument.kind, syllabus),
        Part(STAGE, "", RateDocument.kind, *_ratings(ground, corpus, written)),
    ]
    return parts, written


def _syllabus(ground: Ground) -> tuple[list[SourceDocument], Amount]:
    """The syllabus documents written before, and what writing all of them would ask."""
    planner = ground.planner()
    domain = ground.settings.corpus.domain
    tasks = [
        WriteSyllabusDocument(domain=domain, number=number)
        for number in range(ground.settings.filter.syllabus_documents)
    ]
    responses = planner.responses(Request("", task) for task in tasks)
    written = [
        SourceDocument(document_id=f"syllabus:{number}", title=result.title, text=result.text)
        for number, response in enumerate(responses)
        if isinstance(result := response.result, SyllabusDocument)
    ]
    tally = planner.tallies["", WriteSyllabusDocument.kind]
    return written, Amount(tally.asked, tally.known, tally.prompt_tokens)


def _ratings(ground: Ground, corpus: Corpus, written: list[SourceDocument]) -> tuple[Amount, str, str]:
    """What rating asks: the amount, no method, and its basis."""
    settings, domain = ground.settings.filter, ground.settings.corpus.domain
    planner = ground.planner()
    rated = [*written, *background(settings.background_documents)]
    planner.responses(Request("", RateDocument(domain=domain, document=document)) for document in rated)
    tally = planner.tallies.get(("", RateDocument.kind))
    of_syllabus = Amount(tally.asked, tally.known, tally.prompt_tokens) if tally is not None else Amount()
    unwritten = settings.syllabus_documents - len(written)
    if unwritten:
        length = ground.history.completion_tokens(WriteSyllabusDocument.kind)
        of_syllabus += ground.unknown(RateDocument(domain=domain, document=BLANK), unwritten, length)
    of_corpus = _corpus_ratings(ground, corpus)
    ground.notes.add(
        f"Ratings: {settings.syllabus_documents:,} syllabus documents, {settings.background_documents:,} of the "
        f"background, and {of_corpus.requests + of_corpus.known:,.0f} "
        f"corpus documents in {settings.rounds} rounds of at most {settings.ratings_per_round:,}; which ones is "
        "decided while rating, so their prompts are of mean length."
    )
    return of_syllabus + of_corpus, "", "mean length of documents" if of_corpus.requests or unwritten else EXACT


def _corpus_ratings(ground: Ground, corpus: Corpus) -> Amount:
    """Ratings of corpus documents: those rated before are the likeliest to be chosen again."""
    settings = ground.settings
    pool = min(settings.filter.pool, sum(corpus.documents.values()))
    wanted = float(min(settings.filter.rounds * settings.filter.ratings_per_round, pool))
    planner = ground.planner()
    before = ground.past.query(RATED, STAGE, most=PLANNED)
    if before is not None and before.height:
        tasks = _tasks(ground, [("", *row) for row in before.iter_rows()])
        planner.responses(tasks)
        tally = planner.tallies["", RateDocument.kind]
        rated = Amount(tally.asked, tally.known, tally.prompt_tokens)
    else:
        drawn = corpus.drawn(corpus.documents)
        planner.responses(_tasks(ground, list(drawn.rows.select("shard", "document_id", "title", "text").iter_rows())))
        rated = added(tallied(planner, RateDocument.kind, drawn).values())
    known = min(wanted, rated.known)
    each = rated.prompt_tokens / rated.requests if rated.requests else 0.0
    if not rated.requests and known < wanted:
        each = ground.count(RateDocument(domain=settings.corpus.domain, document=BLANK))
    return Amount(wanted - known, known, each * (wanted - known))


def _tasks(ground: Ground, rows: list[tuple[str, str, str, str]]) -> list[Request]:  # type: ignore[type-arg]
    return [
        Request(
            shard,
            RateDocument(
                domain=ground.settings.corpus.domain,
                document=SourceDocument(document_id=document_id, title=title, text=text),
            ),
        )
        for shard, document_id, title, text in rows
    ]
