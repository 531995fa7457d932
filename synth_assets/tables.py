"""The tables of the lake: names, columns, keys and partitions. The one place where a row's shape is stated.

What lives here: declarations only. How rows are stored is `lake/`'s business, how they are made the stage rooms';
both import this module, which imports nothing of the project.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

TEXT = pl.String()
WHOLE = pl.Int64()
REAL = pl.Float64()
FLAG = pl.Boolean()
TEXTS = pl.List(pl.String())
BYTES = pl.Binary()


@dataclass(frozen=True)
class Column:
    """A column: its Polars type, what it holds (with its unit), and whether it may be null."""

    dtype: pl.DataType
    description: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the lake.

    `partitioned_by` names the columns whose values are the Dagster partition keys (none for a global table);
    a materialisation replaces exactly the rows of its partitions. `key` is unique over the whole table.
    """

    name: str
    description: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    partitioned_by: tuple[str, ...] = ()

    @property
    def schema(self) -> pl.Schema:
        """Polars schema, in column order."""
        return pl.Schema({name: column.dtype for name, column in self.columns.items()})

    def empty(self) -> pl.DataFrame:
        """A frame of no rows with this table's schema."""
        return pl.DataFrame(schema=self.schema)

    def conform(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`rows` with this table's columns, in order and type.

        Raises ValueError naming the table and the columns that are missing, unknown, or hold a null they may not.
        """
        missing = [name for name in self.columns if name not in rows.columns]
        unknown = [name for name in rows.columns if name not in self.columns]
        if missing or unknown:
            raise ValueError(f"table {self.name}: missing columns {missing}, unknown columns {unknown}")
        rows = rows.select(pl.col(name).cast(column.dtype) for name, column in self.columns.items())
        required = [name for name, column in self.columns.items() if not column.nullable]
        nulls = [name for name in required if rows[name].null_count()]
        if nulls:
            raise ValueError(f"table {self.name}: null values in {nulls}, which may not hold any")
        return rows


@dataclass(frozen=True)
class View:
    """Tables joined for people to read. `query` is SQL over tables by their names; nothing is stored."""

    name: str
    description: str
    columns: Mapping[str, Column]
    query: str


SHARD = Column(TEXT, "Partition: the shard (a source file or a cut of a large one) the row belongs to.")
METHOD = Column(TEXT, "Partition: the method by which the questions were written.")

DOCUMENTS = Table(
    "documents",
    "The corpus: one row a document, as read from the user's files.",
    {
        "shard": SHARD,
        "document_id": Column(TEXT, "The source's own id; where it has none, `<shard>#<row>`."),
        "title": Column(TEXT, "Title, or the first words of the text."),
        "text": Column(TEXT, "Plain text, Unicode NFC, line ends normalised."),
        "url": Column(TEXT, "Where the document came from.", nullable=True),
        "source": Column(TEXT, "The file the row was read from."),
        "source_row": Column(WHOLE, "Row of that file, from 0."),
        "content_hash": Column(TEXT, "BLAKE2b-128 of the text, hexadecimal."),
        "characters": Column(WHOLE, "Length of the text in characters."),
    },
    key=("document_id",),
    partitioned_by=("shard",),
)

DOMAIN_RATINGS = Table(
    "domain_ratings",
    "Documents a teacher rated to train the domain filter (paper section 2.1).",
    {
        "round": Column(WHOLE, "0 for the cold start, then 1 and 2."),
        "document_id": Column(TEXT, "A corpus document; `syllabus:<n>` or `background:<n>` for one that is not."),
        "origin": Column(TEXT, "`syllabus` (written by the teacher), `background` (bundled), `corpus` (drawn)."),
        "chosen": Column(TEXT, "Why it was chosen: `syllabus`, `background`, `random`, `uncertain`."),
        "relevance": Column(REAL, "1 to 10: how much the document is about the domain."),
        "clarity": Column(REAL, "1 to 10."),
        "language_quality": Column(REAL, "1 to 10."),
        "score": Column(REAL, "(2 relevance + clarity + language quality) / 4, 1 to 10."),
        "held_out": Column(FLAG, "Kept out of training to measure the filter."),
        "text": Column(TEXT, "Text of a syllabus or background document; null for corpus documents.", nullable=True),
        "teacher": Column(TEXT, "Name and revision of the teacher."),
    },
    key=("round", "document_id"),
)

DOMAIN_CLASSIFIER = Table(
    "domain_classifier",
    "The trained domain filter: one row, its figures on held-out ratings and its parameters.",
    {
        "version": Column(TEXT, "Hash of parameters and training ratings."),
        "embedder": Column(TEXT, "Name and settings of the text embedder."),
        "trees": Column(WHOLE, "Trees of the random forest."),
        "threshold": Column(REAL, "Documents with a predicted score above this are kept."),
        "training_rows": Column(WHOLE, "Ratings trained on."),
        "held_out_rows": Column(WHOLE, "Ratings measured on."),
        "precision": Column(REAL, "On held-out ratings, of score > threshold.", nullable=True),
        "recall": Column(REAL, "On held-out ratings.", nullable=True),
        "rank_correlation": Column(REAL, "Spearman, on held-out ratings.", nullable=True),
        "model": Column(BYTES, "Forest and hashed embedder (of others the name) as an .npz, never pickle."),
    },
    key=("version",),
)

REFERENCE_DOCUMENTS = Table(
    "reference_documents",
    "The documents the domain filter kept (paper section 2.1).",
    {
        "shard": SHARD,
        "document_id": Column(TEXT, "A row of documents."),
        "score": Column(REAL, "Predicted score, 1 to 10."),
        "classifier_version": Column(TEXT, "The domain_classifier that scored it."),
    },
    key=("document_id",),
    partitioned_by=("shard",),
)

DOCUMENT_CONCEPTS = Table(
    "document_concepts",
    "Topics and key concepts of each reference document: one row a (topic, key concept) pair.",
    {
        "shard": SHARD,
        "document_id": Column(TEXT, "A row of reference_documents."),
        "level": Column(TEXT, "School level of the document."),
        "subject": Column(TEXT, "Subject of the document."),
        "topic": Column(TEXT, "Topic, normalised (NFKC, case-folded, white space and end punctuation folded)."),
        "key_concept": Column(TEXT, "Key concept of that topic, normalised."),
        "topic_written": Column(TEXT, "Topic as the teacher wrote it."),
        "key_concept_written": Column(TEXT, "Key concept as the teacher wrote it."),
        "teacher": Column(TEXT, "Name and revision of the teacher."),
        "prompt_version": Column(TEXT, "Version of the extraction prompt or rules."),
        "request_hash": Column(TEXT, "The teacher_responses row."),
    },
    key=("document_id", "topic", "key_concept"),
    partitioned_by=("shard",),
)

CONCEPT_FREQUENCIES = Table(
    "concept_frequencies",
    "The concepts of a shard and how many of its documents hold each (the map side of the graph's nodes).",
    {
        "shard": SHARD,
        "concept": Column(WHOLE, "The concept's number: a hash of kind and name, the same in every shard and lake."),
        "kind": Column(TEXT, "`topic` or `key_concept`."),
        "name": Column(TEXT, "Normalised name."),
        "documents": Column(WHOLE, "Documents of the shard that hold it."),
    },
    key=("shard", "concept"),
    partitioned_by=("shard",),
)

CONCEPT_COOCCURRENCE = Table(
    "concept_cooccurrence",
    "How many documents of a shard hold both of two concepts (the map side of the graph's edges). Each unordered pair "
    "once, by number; concept_frequencies has the names.",
    {
        "shard": SHARD,
        "first": Column(WHOLE, "Number of a concept in concept_frequencies."),
        "second": Column(WHOLE, "Number of another concept, larger than the first."),
        "documents": Column(WHOLE, "Documents of the shard that hold both."),
    },
    key=("shard", "first", "second"),
    partitioned_by=("shard",),
)

CONCEPT_NODES = Table(
    "concept_nodes",
    "Nodes of the global concept graph: topics and key concepts after merging spellings.",
    {
        "concept": Column(WHOLE, "The concept's number: a hash of kind and canonical name."),
        "kind": Column(TEXT, "`topic` or `key_concept`."),
        "name": Column(TEXT, "Canonical name."),
        "documents": Column(WHOLE, "Documents that hold it."),
        "degree": Column(WHOLE, "Neighbours over all sub-graphs."),
        "home_shard": Column(
            TEXT, "Shard whose walks start from it: its first home, chosen by most documents, then by name."
        ),
        "spellings": Column(TEXTS, "The normalised names merged into it, itself included, sorted."),
    },
    key=("kind", "name"),
)

CONCEPT_EDGES = Table(
    "concept_edges",
    "Edges of the concept graph, each once, by the numbers of its ends (paper section 2.2; MathScale, arXiv "
    "2403.02884). The view named_edges shows them by name.",
    {
        "subgraph": Column(TEXT, "`topic_topic`, `topic_concept` or `concept_concept`."),
        "source": Column(WHOLE, "Number of a node: the topic in `topic_concept`, else the smaller number."),
        "target": Column(WHOLE, "Number of the other end: the key concept in `topic_concept`, else the larger number."),
        "documents": Column(WHOLE, "Documents that hold both."),
        "weight": Column(REAL, "log(documents + 1e-5)."),
    },
    key=("source", "target"),
)

CONCEPT_WALKS = Table(
    "concept_walks",
    "Random walks over the graph and the two reference documents nearest to what they visited.",
    {
        "shard": SHARD,
        "walk_id": Column(TEXT, "Hash of start topic and epoch."),
        "start_topic": Column(TEXT, "A topic whose home is this shard."),
        "epoch": Column(WHOLE, "From 0; each topic starts one walk an epoch."),
        "topics": Column(TEXTS, "Topics in the order visited, the start first."),
        "key_concepts": Column(TEXTS, "Key concepts in the order visited."),
        "key_concept_topics": Column(TEXTS, "For each key concept, the topic of the walk it belongs to most."),
        "reference_1": Column(TEXT, "Document of highest Jaccard similarity with the visited set."),
        "similarity_1": Column(REAL, "Jaccard similarity, 0 to 1."),
        "reference_2": Column(TEXT, "Second document; null where the corpus has only one.", nullable=True),
        "similarity_2": Column(REAL, "Jaccard similarity, 0 to 1.", nullable=True),
    },
    key=("walk_id",),
    partitioned_by=("shard",),
)

STUDENT_MISTAKES = Table(
    "student_mistakes",
    "Problems that the student before a round of error extrapolation answers wrongly (S3, 2310.13671).",
    {
        "method": Column(TEXT, "Partition: the round, `error_extrapolation_<number>`, a method by name."),
        "problem_id": Column(TEXT, "Hash of the problem."),
        "question": Column(TEXT, "The problem."),
        "solution": Column(TEXT, "Its right solution."),
        "final_answer": Column(TEXT, "The right final answer alone."),
        "written": Column(TEXT, "The final answer that the student came to."),
        "recipe": Column(TEXT, "How the embedded teacher made the problem (JSON); null otherwise.", nullable=True),
        "student": Column(TEXT, "Size of the student by name."),
        "trained_pairs": Column(WHOLE, "Question-answer pairs the student was trained on."),
        "asked": Column(WHOLE, "Problems the student was asked."),
    },
    key=("method", "problem_id"),
    partitioned_by=("method",),
)

QUESTIONS = Table(
    "questions",
    "Questions a teacher wrote (paper section 2.2).",
    {
        "method": METHOD,
        "shard": SHARD,
        "question_id": Column(TEXT, "Hash of method, request and place in the response."),
        "question": Column(TEXT, "Self-contained question."),
        "origin": Column(TEXT, "`original` (extracted from the document) or `new`."),
        "school_level": Column(TEXT, "School level."),
        "documents": Column(TEXTS, "Ids of the documents it was written from."),
        "topics": Column(TEXTS, "Topics of the concepts used, in the same order."),
        "key_concepts": Column(TEXTS, "Key concepts the question uses."),
        "walk_id": Column(TEXT, "Level 3: the walk.", nullable=True),
        "teacher": Column(TEXT, "Name and revision of the teacher."),
        "prompt_version": Column(TEXT, "Version of the prompt or rules."),
        "request_hash": Column(TEXT, "The teacher_responses row."),
        "recipe": Column(TEXT, "How the embedded teacher made it (JSON); null for language models.", nullable=True),
    },
    key=("question_id",),
    partitioned_by=("method", "shard"),
)

QA_PAIRS = Table(
    "qa_pairs",
    "Questions with the answer that won the vote (paper section 2.3).",
    {
        "method": METHOD,
        "shard": SHARD,
        "qa_id": Column(TEXT, "Equal to question_id."),
        "question": Column(TEXT, "The question."),
        "answer": Column(TEXT, "Worked solution."),
        "final_answer": Column(TEXT, "Final answer alone."),
        "samples": Column(WHOLE, "Answers asked for."),
        "agreement": Column(REAL, "Share of samples equal to the winner, 0 to 1."),
        "judged": Column(FLAG, "Whether a judge upheld the answer; null where none was asked.", nullable=True),
        "prompt_tokens": Column(WHOLE, "Tokens asked, question and answers."),
        "completion_tokens": Column(WHOLE, "Tokens answered."),
        "teacher": Column(TEXT, "Name and revision of the answering teacher."),
        "prompt_version": Column(TEXT, "Version of the answering prompt or rules."),
        "request_hash": Column(TEXT, "The teacher_responses row of the winning answer."),
    },
    key=("qa_id",),
    partitioned_by=("method", "shard"),
)

BENCHMARK_ITEMS = Table(
    "benchmark_items",
    "Test items to stay clear of.",
    {
        "benchmark": Column(TEXT, "Partition: the benchmark's name."),
        "item_id": Column(TEXT, "The benchmark's own id; where it has none, `<benchmark>/<row>`."),
        "question": Column(TEXT, "Question text."),
        "answer": Column(TEXT, "Reference answer.", nullable=True),
    },
    key=("benchmark", "item_id"),
    partitioned_by=("benchmark",),
)

CONTAMINATION = Table(
    "contamination",
    "QA pairs too near to a benchmark item: the strongest rule for each (pair, item, part).",
    {
        "method": METHOD,
        "shard": SHARD,
        "qa_id": Column(TEXT, "A row of qa_pairs."),
        "benchmark": Column(TEXT, "Benchmark."),
        "item_id": Column(TEXT, "Item of the benchmark."),
        "part": Column(TEXT, "Which side matched: `question` or `answer`."),
        "rule": Column(
            TEXT,
            "The rung of the ladder: `exact`, `ngram_<n>` or `coverage_<n>`, each also `..._digits_folded`, "
            "`rephrased`, `semantic` or `judged`.",
        ),
        "score": Column(REAL, "Strength under that rule, 0 to 1."),
        "span": Column(TEXT, "The matching words of the QA pair."),
        "item_text": Column(TEXT, "The benchmark question, for reading side by side."),
    },
    key=("qa_id", "benchmark", "item_id", "part"),
    partitioned_by=("method", "shard"),
)

BENCHMARK_COMPARISONS = Table(
    "benchmark_comparisons",
    "Which pairs have been compared with which benchmark, and what came of it.",
    {
        "method": METHOD,
        "shard": SHARD,
        "benchmark": Column(TEXT, "Benchmark."),
        "benchmark_hash": Column(TEXT, "Hash of the benchmark's questions as they were compared."),
        "pairs_hash": Column(TEXT, "Hash of the partition's questions and answers as they were compared."),
        "rules_hash": Column(TEXT, "Hash of the rules, their thresholds and what judged by them."),
        "items": Column(WHOLE, "Items of the benchmark."),
        "pairs": Column(WHOLE, "Pairs compared."),
        "contaminated": Column(WHOLE, "Pairs of which question or answer is too near to an item."),
        "judged": Column(WHOLE, "Pairs of question and item that the teacher was asked about."),
        "cleared": Column(WHOLE, "Of those, the ones it said are different problems."),
    },
    key=("method", "shard", "benchmark"),
    partitioned_by=("method", "shard"),
)

QA_SIGNATURES = Table(
    "qa_signatures",
    "MinHash signatures of the questions.",
    {
        "method": METHOD,
        "shard": SHARD,
        "qa_id": Column(TEXT, "A row of qa_pairs."),
        "text_hash": Column(TEXT, "Hash of the normalised question; equal for exact duplicates."),
        "agreement": Column(REAL, "Copied from qa_pairs: the more agreed answer is kept."),
        "signature": Column(pl.List(pl.UInt32()), "MinHash values."),
    },
    key=("qa_id",),
    partitioned_by=("method", "shard"),
)

DUPLICATES = Table(
    "duplicates",
    "QA pairs that repeat another one, over all methods and shards.",
    {
        "qa_id": Column(TEXT, "The pair to drop."),
        "kept_id": Column(TEXT, "The pair kept in its place."),
        "rule": Column(TEXT, "`exact`, `near` or `semantic`."),
        "similarity": Column(REAL, "Jaccard similarity of the word shingles (1 where exact); cosine where semantic."),
        "cluster": Column(TEXT, "Smallest qa_id of the cluster."),
    },
    key=("qa_id",),
)

TRAINING_QA = Table(
    "training_qa",
    "What survived decontamination and deduplication: the synthetic data set.",
    {
        "method": METHOD,
        "shard": SHARD,
        "qa_id": Column(TEXT, "A row of qa_pairs."),
        "question": Column(TEXT, "The question."),
        "answer": Column(TEXT, "Worked solution."),
        "final_answer": Column(TEXT, "Final answer alone."),
        "school_level": Column(TEXT, "School level."),
        "topics": Column(TEXTS, "Topics of the concepts used."),
        "key_concepts": Column(TEXTS, "Key concepts used."),
        "documents": Column(TEXTS, "Ids of the source documents."),
        "agreement": Column(REAL, "Share of answers that agreed."),
    },
    key=("qa_id",),
    partitioned_by=("method", "shard"),
)

STUDENT_TOKENIZER = Table(
    "student_tokenizer",
    "The byte-pair tokenizer all students share, trained on the training part of training_qa: one row.",
    {
        "version": Column(TEXT, "Hash of the tokenizer."),
        "vocabulary": Column(WHOLE, "Number of tokens."),
        "tokenizer": Column(TEXT, "The tokenizer in the Hugging Face tokenizers JSON layout."),
    },
    key=("version",),
)

TRAINING_SETS = Table(
    "training_sets",
    "Nested token budgets over training_qa: rows in a stable hash order with their running token count.",
    {
        "training_set": Column(TEXT, "Partition: `all`, or a method's name."),
        "qa_id": Column(TEXT, "A row of training_qa."),
        "split": Column(TEXT, "`train` or `held_out` (the same for every training set)."),
        "place": Column(WHOLE, "Place in the stable hash order within the split, from 0."),
        "tokens": Column(WHOLE, "Tokens of question, answer and markers in the student tokenizer."),
        "cumulative_tokens": Column(WHOLE, "Tokens up to and including this row, within the split."),
        "budget": Column(
            WHOLE, "Train split: smallest token budget that holds the row; null past the last.", nullable=True
        ),
    },
    key=("training_set", "qa_id"),
    partitioned_by=("training_set",),
)

STUDENT_RUNS = Table(
    "student_runs",
    "Training runs of the students: one row a (training set, student, budget, seed).",
    {
        "training_set": Column(TEXT, "Partition: the training set."),
        "student": Column(TEXT, "Partition: the student's size by name."),
        "run_id": Column(TEXT, "Fingerprint of data, model, schedule and code; a run under it is never repeated."),
        "budget": Column(WHOLE, "Token budget; 0 for the untrained student."),
        "parameters": Column(WHOLE, "Parameters of the model."),
        "unique_tokens": Column(WHOLE, "Tokens of the training subset, seen once."),
        "trained_tokens": Column(WHOLE, "Tokens trained on over all epochs."),
        "epochs": Column(WHOLE, "Passes over the subset."),
        "seed": Column(WHOLE, "Seed of initial weights and order."),
        "answer_loss": Column(REAL, "Mean cross-entropy of held-out answer tokens, nats a token."),
        "error": Column(REAL, "1 - exact match of greedily decoded final answers on held-out questions."),
        "evaluated_questions": Column(WHOLE, "Held-out questions decoded, the first in hash order."),
        "right": Column(
            pl.List(pl.Boolean()), "Whether each of them was answered rightly; null in a lake of before.", nullable=True
        ),
        "seconds": Column(REAL, "Wall time of training."),
        "tokens_per_second": Column(REAL, "Training throughput.", nullable=True),
    },
    key=("run_id",),
    partitioned_by=("training_set", "student"),
)

_OBSERVED = {
    "training_set": Column(TEXT, "Training set; `imported` where none is named."),
    "model": Column(TEXT, "Model."),
    "parameters": Column(WHOLE, "Parameters.", nullable=True),
    "metric": Column(TEXT, "Metric; an accuracy is kept as the error, 1 - accuracy."),
    "tokens": Column(REAL, "D: unique training tokens; 0 before any synthetic data."),
    "value": Column(REAL, "L(D)."),
    "seed": Column(WHOLE, "Seed."),
    "data_snapshot": Column(
        TEXT, "Which state of the training data it was trained on, if that is told.", nullable=True
    ),
}

IMPORTED_OBSERVATIONS = Table(
    "imported_observations",
    "Evaluation results from elsewhere, as `synth-assets observations add` and the sensor read them.",
    {"file": Column(TEXT, "Partition: path or address of the file."), **_OBSERVED},
    key=("file", "training_set", "model", "metric", "tokens", "seed"),
    partitioned_by=("file",),
)

EXTERNAL_RUNS = Table(
    "external_runs",
    "What the trainer of the settings reported of the runs it was launched for: one row a measured value.",
    {
        "training_set": Column(TEXT, "Partition: the training set."),
        "run_id": Column(TEXT, "Fingerprint of data, trainer, model, budget and seed; a run under it is not repeated."),
        "budget": Column(WHOLE, "Token budget asked for; 0 for the model before any synthetic data."),
        **{name: column for name, column in _OBSERVED.items() if name != "training_set"},
    },
    key=("training_set", "run_id", "model", "metric", "tokens", "seed"),
    partitioned_by=("training_set",),
)

STUDENT_SCORES = Table(
    "student_scores",
    "What a run got wrong, by level and topic: one row a (run, method, school level, topic) with held-out questions.",
    {
        "training_set": Column(TEXT, "Partition: the training set."),
        "student": Column(TEXT, "Partition: the student's size by name."),
        "run_id": Column(TEXT, "A row of student_runs."),
        "budget": Column(WHOLE, "Token budget of the run."),
        "method": Column(TEXT, "Method by which the questions were made: the paper's level."),
        "school_level": Column(TEXT, "School level of the questions."),
        "topic": Column(TEXT, "Topic; a question of several topics counts under each."),
        "questions": Column(WHOLE, "Held-out questions decoded."),
        "wrong": Column(WHOLE, "How many of them were answered wrongly."),
    },
    key=("run_id", "method", "school_level", "topic"),
    partitioned_by=("training_set", "student"),
)

METHOD_COMPARISON = Table(
    "method_comparison",
    "The methods side by side: students of each size trained on each method's rows at equal tokens, over seeds.",
    {
        "method": Column(TEXT, "Method whose rows were trained on."),
        "student": Column(TEXT, "The student's size by name."),
        "parameters": Column(WHOLE, "Parameters of the student."),
        "budget": Column(WHOLE, "Token budget; 0 for the untrained student."),
        "unique_tokens": Column(REAL, "Tokens of the training subset, seen once; mean over seeds."),
        "seeds": Column(WHOLE, "Runs, one a seed."),
        "questions": Column(WHOLE, "Held-out questions each of them answered, the same for all."),
        "error": Column(REAL, "Mean share answered wrongly."),
        "error_low": Column(REAL, "Lower end of its 95% interval over questions and seeds."),
        "error_high": Column(REAL, "Upper end."),
        "answer_loss": Column(REAL, "Mean cross-entropy of held-out answer tokens, nats a token."),
        "answer_loss_low": Column(REAL, "Lower end of its 95% interval over seeds; null with one.", nullable=True),
        "answer_loss_high": Column(REAL, "Upper end.", nullable=True),
    },
    key=("method", "student", "budget"),
)

METHOD_PAIRS = Table(
    "method_pairs",
    "Each two methods at the same student and budget, tested question by question and seed by seed.",
    {
        "student": Column(TEXT, "The student's size by name."),
        "budget": Column(WHOLE, "Token budget."),
        "first": Column(TEXT, "A method."),
        "second": Column(TEXT, "Another."),
        "seeds": Column(WHOLE, "Seeds that both were trained with."),
        "questions": Column(WHOLE, "Held-out questions."),
        "difference": Column(REAL, "Error of the first less that of the second."),
        "low": Column(REAL, "Lower end of its 95% interval over questions and seeds."),
        "high": Column(REAL, "Upper end."),
        "p_value": Column(REAL, "Probability of such a difference if there were none; two-sided, paired."),
        "q_value": Column(REAL, "The same, corrected over the pairs of a student and budget."),
        "loss_difference": Column(REAL, "Answer loss of the first less that of the second, nats a token."),
        "loss_low": Column(REAL, "Lower end of its 95% interval over seeds; null with one.", nullable=True),
        "loss_high": Column(REAL, "Upper end.", nullable=True),
        "loss_p_value": Column(REAL, "Its p-value over seeds; null with one.", nullable=True),
        "said": Column(TEXT, "What follows, in words."),
    },
    key=("student", "budget", "first", "second"),
)

METHOD_DIVERSITY = Table(
    "method_diversity",
    "How different the questions of each method are: similarity within a document, wording, concepts, repetition.",
    {
        "method": Column(TEXT, "Method that wrote the questions."),
        "measure": Column(
            TEXT,
            "`document_similarity` (of two questions from one document), `other_similarity` (from different ones), "
            "`distinct_1` to `distinct_3` (n-grams), `own_trigrams`, `concept_combinations`, `concept_coverage`, "
            "`near_duplicates`; `how` says more.",
        ),
        "basis": Column(
            TEXT,
            "What it is taken over: `all` of the method's questions, as many `questions` of each method, or as many "
            "`words` (n-grams) of each. Only the last two compare methods.",
        ),
        "against": Column(TEXT, "Of a difference, the method it is from, paired by document; empty otherwise."),
        "value": Column(REAL, "The figure, or the figure less that of the other method."),
        "low": Column(
            REAL,
            "Lower end of the 95% interval over documents; of differences, such that all hold at once. Null where the "
            "figure is a count over the whole sample.",
            nullable=True,
        ),
        "high": Column(REAL, "Upper end.", nullable=True),
        "count": Column(WHOLE, "Documents, pairs, questions, n-grams or concepts it is taken over."),
        "how": Column(TEXT, "How it was measured, and over which part where not over everything."),
    },
    key=("method", "measure", "basis", "against"),
)

DIVERSITY_HISTOGRAMS = Table(
    "diversity_histograms",
    "The distributions behind method_diversity, of as many questions of each method; of `own_trigrams`, as many words.",
    {
        "method": Column(TEXT, "Method that wrote the questions."),
        "measure": Column(TEXT, "As in method_diversity."),
        "low": Column(REAL, "Lower end of the bin, in it."),
        "high": Column(REAL, "Upper end, not in it; of the last bin of a share, in it."),
        "count": Column(WHOLE, "How many pairs, questions or key concepts lie between."),
    },
    key=("method", "measure", "low"),
)

MIXTURE_RUNS = Table(
    "mixture_runs",
    "Students trained on mixtures of methods or topics: a run a policy and seed, all over the same number of tokens.",
    {
        "run_id": Column(TEXT, "Fingerprint of data, policy, size, schedule, seed and code."),
        "policy": Column(TEXT, "Who decided what to draw from: `ucb`, `uniform`, `proportional`."),
        "student": Column(TEXT, "The student's size by name."),
        "parameters": Column(WHOLE, "Parameters of the student."),
        "seed": Column(WHOLE, "Seed of the initial weights and of the bandit's first tries."),
        "arms": Column(TEXTS, "Methods or topics that could be drawn from."),
        "slices": Column(WHOLE, "How often the policy chose."),
        "trained_tokens": Column(WHOLE, "Tokens trained on; those of the runs differ by less than a row."),
        "unique_tokens": Column(WHOLE, "Tokens of the different rows among them."),
        "repeated_rows": Column(WHOLE, "Rows drawn again, of arms that were used up."),
        "validation_loss": Column(REAL, "Mean cross-entropy of answer tokens of the validation set at the end, nats."),
        "answer_loss": Column(REAL, "The same on the held-out test."),
        "error": Column(REAL, "1 - exact match of greedily decoded final answers on the held-out test."),
        "evaluated_questions": Column(WHOLE, "Held-out questions decoded, the first in hash order."),
        "right": Column(pl.List(pl.Boolean()), "Whether each of them was answered rightly."),
        "seconds": Column(REAL, "Wall time of training and validating."),
    },
    key=("run_id",),
)

MIXTURE_CHOICES = Table(
    "mixture_choices",
    "What each policy drew the next training tokens from, slice by slice, and what the student gained by it.",
    {
        "run_id": Column(TEXT, "Run in `mixture_runs`."),
        "policy": Column(TEXT, "Its policy."),
        "student": Column(TEXT, "Its student."),
        "seed": Column(WHOLE, "Its seed."),
        "step": Column(WHOLE, "Slice, from 0."),
        "arm": Column(TEXT, "Method or topic chosen."),
        "tokens": Column(WHOLE, "Tokens of the slice."),
        "trained_tokens": Column(WHOLE, "Tokens trained on so far, this slice counted."),
        "rows": Column(WHOLE, "Rows of the slice."),
        "repeated_rows": Column(WHOLE, "Those that had been drawn before."),
        "validation_loss": Column(REAL, "Loss on the validation set after the slice, nats an answer token."),
        "gain": Column(REAL, "By how much the slice made it fall."),
        "reward": Column(REAL, "What the gain was worth to the bandit, 0 to 1; null for the others.", nullable=True),
        "upper_bound": Column(
            REAL, "Upper bound of the arm when chosen; null where it had none or was untried.", nullable=True
        ),
    },
    key=("run_id", "step"),
)

SCALING_OBSERVATIONS = Table(
    "scaling_observations",
    "Every (model, tokens, value): our own student runs, external runs and imported evaluation results alike.",
    {
        "source": Column(
            TEXT, "`student_runs`, `external_runs/` and a run's fingerprint, or the file it was imported from."
        ),
        **_OBSERVED,
    },
    key=("source", "training_set", "model", "metric", "tokens", "seed"),
)

SCALING_FITS = Table(
    "scaling_fits",
    "Fitted laws: L(D) = B / (D_l + D^beta) + E (rectified) and B / D^beta + E (plain).",
    {
        "training_set": Column(TEXT, "Training set."),
        "model": Column(TEXT, "Model."),
        "metric": Column(TEXT, "Metric."),
        "law": Column(TEXT, "`rectified` or `power`."),
        "parameter": Column(TEXT, "`B`, `D_l`, `beta`, `E`, or `S` = B/D_l + E, the value before any data."),
        "value": Column(REAL, "Estimate."),
        "low": Column(REAL, "Lower end of the 90% profile interval; null where not bounded.", nullable=True),
        "high": Column(REAL, "Upper end of the 90% profile interval; null where not bounded.", nullable=True),
        "bootstrap_low": Column(
            REAL, "Lower end of the 90% bootstrap interval; null where none was drawn.", nullable=True
        ),
        "bootstrap_high": Column(REAL, "Upper end of the 90% bootstrap interval.", nullable=True),
        "verdict": Column(TEXT, "In words: how well the data determine the parameter."),
        "points": Column(WHOLE, "Observations fitted."),
        "log_rmsd": Column(REAL, "Root mean square of log residuals, D = 0 left out."),
        "aicc": Column(REAL, "Corrected Akaike criterion; null with too few points.", nullable=True),
        "hold_out_error": Column(
            REAL, "Mean relative error predicting the largest budgets from the smaller.", nullable=True
        ),
    },
    key=("training_set", "model", "metric", "law", "parameter"),
)

SCALING_PREDICTIONS = Table(
    "scaling_predictions",
    "What the fitted laws predict.",
    {
        "training_set": Column(TEXT, "Training set."),
        "model": Column(TEXT, "Model."),
        "metric": Column(TEXT, "Metric."),
        "law": Column(TEXT, "`rectified` or `power`."),
        "kind": Column(
            TEXT,
            "`budget` (value at a budget), `plateau` (the budget past which doubling gains little), "
            "`hold_out` (a held-out budget predicted from the smaller ones).",
        ),
        "tokens": Column(REAL, "D."),
        "value": Column(REAL, "Predicted value."),
        "low": Column(REAL, "Lower end of the 90% interval.", nullable=True),
        "high": Column(REAL, "Upper end of the 90% interval.", nullable=True),
        "observed": Column(REAL, "Observed value where there is one.", nullable=True),
        "tokens_low": Column(REAL, "Of a plateau, lower end of the 90% interval of D; null elsewhere.", nullable=True),
        "tokens_high": Column(REAL, "Upper end; null too where the data do not bound it.", nullable=True),
    },
    key=("training_set", "model", "metric", "law", "kind", "tokens"),
)

SCALING_CONCLUSIONS = Table(
    "scaling_conclusions",
    "What follows from the fits, in numbers and in words: the law that wins, targets, crossings, the next run.",
    {
        "training_set": Column(TEXT, "Training set."),
        "metric": Column(TEXT, "Metric."),
        "kind": Column(
            TEXT,
            "`law` (rectified against plain), `target` (the budget a value costs), `crossing` (of two models' curves), "
            "`next_run` (which further run would narrow a prediction most).",
        ),
        "model": Column(TEXT, "Model."),
        "about": Column(TEXT, "The other model of a crossing, the target, the goal of the next run; empty for `law`."),
        "law": Column(TEXT, "`rectified` or `power`: the law spoken of; of kind `law` the winner, or `undecided`."),
        "tokens": Column(REAL, "The budget, where there is one.", nullable=True),
        "tokens_low": Column(REAL, "Lower end of its 90% interval.", nullable=True),
        "tokens_high": Column(REAL, "Upper end; null where not bounded.", nullable=True),
        "probability": Column(REAL, "Of a crossing: share of the bootstrap replicates that cross.", nullable=True),
        "width_now": Column(REAL, "Of a next run: relative width of the prediction's 90% interval now.", nullable=True),
        "width_after": Column(REAL, "The width to expect after the run.", nullable=True),
        "said": Column(TEXT, "The same as a sentence."),
    },
    key=("training_set", "metric", "kind", "model", "about"),
)

PRODUCED_FILES = {
    "path": Column(TEXT, "Path below the lake's folder."),
    "bytes": Column(WHOLE, "Size."),
    "rows": Column(WHOLE, "Data rows in it; null for pages.", nullable=True),
    "sha256": Column(TEXT, "SHA-256 of the file."),
}

DATASET_CARD = Table("dataset_card", "The Hugging Face dataset card.", PRODUCED_FILES, key=("path",))
EXPORTS = Table("exports", "The training data in the formats trainers read.", PRODUCED_FILES, key=("path",))
SCALING_REPORT = Table("scaling_report", "The report: one HTML file.", PRODUCED_FILES, key=("path",))

QUARANTINE = Table(
    "quarantine",
    "Rows that left the road, with the reason. Written in the same transaction as the stage's table.",
    {
        "stage": Column(TEXT, "The table the row would have entered."),
        "partition": Column(TEXT, "Dagster partition key of the stage; empty for global tables."),
        "id": Column(TEXT, "Id of the row: document, walk, question, QA pair or benchmark item."),
        "reason": Column(TEXT, "Short stable reason, e.g. `no_text`, `below_threshold`, `contaminated`."),
        "detail": Column(TEXT, "What exactly, for a person."),
    },
    key=("stage", "partition", "id", "reason"),
    partitioned_by=("stage", "partition"),
)

TEACHER_RESPONSES = Table(
    "teacher_responses",
    "Every answer of a teacher, by the hash of its request. Rows are added, never replaced; a request that two runs "
    "asked at once has two, of which the latest counts.",
    {
        "stage": Column(TEXT, "The table asked for."),
        "partition": Column(TEXT, "Dagster partition key; empty for global tables."),
        "request_hash": Column(TEXT, "Hash of model, revision, parameters, prompt and schema."),
        "task": Column(TEXT, "Task type."),
        "teacher": Column(TEXT, "Name and revision."),
        "prompt_version": Column(TEXT, "Version of the prompt or rules."),
        "response": Column(TEXT, "The answer's text as the teacher gave it."),
        "prompt_tokens": Column(WHOLE, "Tokens read, a rejected first answer included."),
        "completion_tokens": Column(WHOLE, "Tokens written, a rejected first answer included."),
    },
    key=("request_hash",),
    partitioned_by=("stage", "partition"),
)

TEXT_VECTORS = Table(
    "text_vectors",
    "Every vector an embeddings endpoint gave, by the hash of its request. Rows are added, never replaced; a text that "
    "two runs asked about at once has two, of which the latest counts.",
    {
        "request_hash": Column(TEXT, "Hash of model, revision, parameters and text."),
        "model": Column(TEXT, "Name and revision."),
        "vector": Column(pl.List(pl.Float32()), "The vector as the model gave it."),
        "tokens": Column(WHOLE, "Tokens read."),
    },
    key=("request_hash",),
)

TEACHER_USAGE = Table(
    "teacher_usage",
    "What teachers were asked and charged for, a row a write to the response store, partition and task. Rows are "
    "added in the transaction of the responses they paid for, so that nothing is counted twice or lost.",
    {
        "usage_id": Column(TEXT, "Unique."),
        "stage": Column(TEXT, "The table asked for."),
        "partition": Column(TEXT, "Dagster partition key; empty for global tables."),
        "task": Column(TEXT, "Task type."),
        "teacher": Column(TEXT, "Name and revision."),
        "written_at": Column(pl.Datetime("us", "UTC"), "When it was written."),
        "seconds": Column(REAL, "Time spent asking since the write before, shared among its rows."),
        "requests": Column(WHOLE, "Distinct requests that ended."),
        "failed": Column(WHOLE, "Those of them without a valid answer."),
        "answers": Column(WHOLE, "Answers charged; a rejected one is asked again once."),
        "approximated": Column(WHOLE, "Answers whose tokens the endpoint did not count, so that they are estimated."),
        "prompt_tokens": Column(WHOLE, "Tokens read."),
        "completion_tokens": Column(WHOLE, "Tokens written."),
        "cost": Column(REAL, "By the price in the settings then; null without one.", nullable=True),
    },
    key=("usage_id",),
)

MATERIALISATIONS = Table(
    "materialisations",
    "The ledger: how each partition of each table was last made. Written in the same transaction as its rows.",
    {
        "stage": Column(TEXT, "The table."),
        "partition": Column(TEXT, "Dagster partition key; empty for global tables."),
        "code_version": Column(TEXT, "Code, settings and prompts it was made with; empty outside Dagster."),
        "content_hash": Column(TEXT, "Hash of the rows."),
        "changed_snapshot": Column(WHOLE, "Snapshot since which the rows are what they are."),
        "built_snapshot": Column(WHOLE, "Snapshot of the materialisation: its inputs are older."),
        "rows": Column(WHOLE, "Rows of the partition."),
        "quarantined": Column(WHOLE, "Rows of it that left the road."),
        "run_id": Column(TEXT, "Dagster run; empty outside Dagster."),
        "made_at": Column(pl.Datetime("us", "UTC"), "When it was committed."),
    },
    key=("stage", "partition"),
    partitioned_by=("stage", "partition"),
)

LAKE_MAINTENANCE = Table(
    "lake_maintenance",
    "What the lake's maintenance found and left: a row a table and run, and one for the whole lake; the latest runs.",
    {
        "maintained_at": Column(pl.Datetime("us", "UTC"), "When the run began."),
        "stage": Column(TEXT, "The table; `all` for the whole lake."),
        "files_before": Column(WHOLE, "Files that a full scan of it read before."),
        "files_after": Column(WHOLE, "And afterwards."),
        "bytes_before": Column(WHOLE, "Size of these files before."),
        "bytes_after": Column(WHOLE, "And afterwards."),
        "kept_files_before": Column(WHOLE, "Files of all snapshots kept, before; those of the newest among them."),
        "kept_files_after": Column(WHOLE, "And afterwards."),
        "kept_bytes_before": Column(WHOLE, "Size of these files before."),
        "kept_bytes_after": Column(WHOLE, "And afterwards."),
        "snapshots_before": Column(WHOLE, "Of the whole lake: snapshots before.", nullable=True),
        "snapshots_after": Column(WHOLE, "And afterwards.", nullable=True),
        "removed_files": Column(WHOLE, "Of the whole lake: files removed from its storage.", nullable=True),
        "waiting_files": Column(
            WHOLE, "Of the whole lake: files that nothing needs, removed by a later run.", nullable=True
        ),
        "seconds": Column(REAL, "Wall time of merging the table's files; of the whole run."),
    },
    key=("maintained_at", "stage"),
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        DOCUMENTS,
        DOMAIN_RATINGS,
        DOMAIN_CLASSIFIER,
        REFERENCE_DOCUMENTS,
        DOCUMENT_CONCEPTS,
        CONCEPT_FREQUENCIES,
        CONCEPT_COOCCURRENCE,
        CONCEPT_NODES,
        CONCEPT_EDGES,
        CONCEPT_WALKS,
        STUDENT_MISTAKES,
        QUESTIONS,
        QA_PAIRS,
        BENCHMARK_ITEMS,
        CONTAMINATION,
        BENCHMARK_COMPARISONS,
        QA_SIGNATURES,
        DUPLICATES,
        TRAINING_QA,
        STUDENT_TOKENIZER,
        TRAINING_SETS,
        STUDENT_RUNS,
        STUDENT_SCORES,
        METHOD_COMPARISON,
        METHOD_PAIRS,
        METHOD_DIVERSITY,
        DIVERSITY_HISTOGRAMS,
        MIXTURE_RUNS,
        MIXTURE_CHOICES,
        EXTERNAL_RUNS,
        IMPORTED_OBSERVATIONS,
        SCALING_OBSERVATIONS,
        SCALING_FITS,
        SCALING_PREDICTIONS,
        SCALING_CONCLUSIONS,
        DATASET_CARD,
        EXPORTS,
        SCALING_REPORT,
        LAKE_MAINTENANCE,
        QUARANTINE,
        TEACHER_RESPONSES,
        TEXT_VECTORS,
        TEACHER_USAGE,
        MATERIALISATIONS,
    )
}
"""Every table by name, in the order of the road."""

OPERATION = frozenset({LAKE_MAINTENANCE.name})
"""Tables that look after the lake: off the road, made on a schedule of their own, neither missing nor stale for it."""

NAMED_EDGES = View(
    "named_edges",
    "concept_edges by the names of their ends.",
    {
        "subgraph": CONCEPT_EDGES.columns["subgraph"],
        "source_kind": Column(TEXT, "`topic` or `key_concept`."),
        "source": Column(TEXT, "Canonical name."),
        "target_kind": Column(TEXT, "`topic` or `key_concept`."),
        "target": Column(TEXT, "Canonical name."),
        "documents": CONCEPT_EDGES.columns["documents"],
        "weight": CONCEPT_EDGES.columns["weight"],
    },
    "SELECT e.subgraph, a.kind AS source_kind, a.name AS source, b.kind AS target_kind, b.name AS target, "
    "e.documents, e.weight FROM concept_edges AS e "
    "JOIN concept_nodes AS a ON a.concept = e.source JOIN concept_nodes AS b ON b.concept = e.target",
)

NAMED_COOCCURRENCE = View(
    "named_cooccurrence",
    "concept_cooccurrence by the names of its concepts.",
    {
        "shard": SHARD,
        "first_kind": Column(TEXT, "`topic` or `key_concept`."),
        "first": Column(TEXT, "Normalised name."),
        "second_kind": Column(TEXT, "`topic` or `key_concept`."),
        "second": Column(TEXT, "Normalised name."),
        "documents": CONCEPT_COOCCURRENCE.columns["documents"],
    },
    "SELECT c.shard, a.kind AS first_kind, a.name AS first, b.kind AS second_kind, b.name AS second, "
    "c.documents FROM concept_cooccurrence AS c "
    "JOIN concept_frequencies AS a ON a.shard = c.shard AND a.concept = c.first "
    "JOIN concept_frequencies AS b ON b.shard = c.shard AND b.concept = c.second",
)

VIEWS: Mapping[str, View] = {view.name: view for view in (NAMED_EDGES, NAMED_COOCCURRENCE)}
"""Every view by name. No table has the same name."""

SCHOOL_LEVELS = ("primary", "middle", "high school", "college", "graduate", "competition", "other")
"""Levels of a document or question, easiest first (paper section 2.2)."""


@dataclass(frozen=True)
class StageResult:
    """What a stage hands on: its rows, and the rows that left the road.

    `rows` conforms to the stage's table; `quarantined` has columns `id`, `reason`, `detail` and the table's
    partition columns. `received` counts the things that entered (documents, walks, questions, pairs) and `passed`
    those of them that left at least one row: received = passed + quarantined, or `check` raises.
    """

    rows: pl.DataFrame
    quarantined: pl.DataFrame
    received: int
    passed: int

    def check(self, stage: str) -> None:
        """Raise ValueError, naming `stage` and the counts, unless nothing vanished."""
        if self.received != self.passed + self.quarantined.height:
            raise ValueError(
                f"{stage}: {self.received} rows came in, but {self.passed} passed and "
                f"{self.quarantined.height} were quarantined: rows have vanished"
            )


def no_quarantine(*partition_columns: str) -> pl.DataFrame:
    """An empty quarantine frame for a stage partitioned by the given columns."""
    return quarantine_rows([], *partition_columns)


def quarantine_rows(rows: list[dict[str, str]], *partition_columns: str) -> pl.DataFrame:
    """A quarantine frame from dictionaries with `id`, `reason`, `detail` and the partition columns."""
    return pl.DataFrame(rows, schema=dict.fromkeys((*partition_columns, "id", "reason", "detail"), TEXT))


def gathered(results: Iterable[StageResult]) -> StageResult:
    """Several results of one stage as one, in order. Raises ValueError where there is none."""
    parts = list(results)
    return StageResult(
        pl.concat([part.rows for part in parts]),
        pl.concat([part.quarantined for part in parts]),
        sum(part.received for part in parts),
        sum(part.passed for part in parts),
    )
