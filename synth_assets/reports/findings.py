"""What the report tells, as SQL over the lake. Examples are chosen by the hash of their id: repeatable, not picked."""

from collections.abc import Mapping

from synth_assets.reports.decontamination_section import WORST_ORDER, WORST_SHOWN
from synth_assets.reports.duplicates_section import CLUSTERS_SHOWN, MEMBERS_SHOWN

_MEMBERS = """(
    select cluster, qa_id, kept_id, rule, similarity from duplicates
    union all select distinct cluster, kept_id, null, null, null from duplicates
    where kept_id not in (select qa_id from duplicates))"""
"""The pairs of each cluster: those dropped, and those kept, without a `kept_id`."""

SCORES = """
select d.document_id, r.score as kept, try_cast(regexp_extract(q.detail, '([0-9.]+)', 1) as double) as rejected
from documents d
left join reference_documents r using (document_id)
left join quarantine q on q.stage = 'reference_documents' and q.id = d.document_id
order by d.document_id
"""
"""The score of each document: `kept` or `rejected` is set."""

GRAPH = (
    "select concept, kind, name, documents, degree, spellings from concept_nodes order by kind, name",
    "select subgraph, source, target, documents from concept_edges order by all",
    "select kind, name, sum(documents)::bigint as documents from concept_frequencies group by all order by all",
)
"""Nodes, edges and spellings of the concept graph, as :func:`graph_section.graph_section` takes them."""

DECONTAMINATION: Mapping[str, str] = {
    "items": """
        select benchmark, count(i.item_id) as items, count(m.item_id) as items_met
        from (select benchmark from benchmark_items union select benchmark from benchmark_comparisons
              union select benchmark from contamination)
        left join benchmark_items i using (benchmark)
        left join (select distinct benchmark, item_id from contamination) m using (benchmark, item_id)
        group by benchmark order by benchmark""",
    "compared": """
        select benchmark, method, sum(pairs)::bigint as pairs, sum(judged)::bigint as judged,
               sum(cleared)::bigint as cleared
        from benchmark_comparisons group by all order by all""",
    "contaminated": """
        select benchmark, method, count(distinct qa_id) as contaminated from contamination
        group by all order by all""",
    "hits": """
        select benchmark, part, rule, count(distinct qa_id) as pairs, count(distinct item_id) as items
        from contamination group by all order by all""",
    "worst": f"""
        select c.benchmark, c.method, c.qa_id, c.item_id, c.part, c.rule, c.score, c.span,
               coalesce(case c.part when 'question' then p.question else p.answer end, c.span) as text, c.item_text
        from (select * from contamination qualify row_number() over (
                  partition by benchmark, rule order by score desc, {", ".join(WORST_ORDER)}) <= {WORST_SHOWN}) c
        left join qa_pairs p using (qa_id) order by all""",
    "answered": "select method, count(*) as pairs from qa_pairs group by method order by method",
}
"""Frames of the section on contamination, in the order of the arguments of :func:`decontamination_section`."""

DUPLICATES: Mapping[str, str] = {
    "totals": "select method, count(*) as pairs from qa_pairs group by method order by method",
    "counts": """
        select d.rule, gone.method as dropped_method, kept.method as kept_method, count(*) as dropped
        from duplicates d join qa_pairs gone on gone.qa_id = d.qa_id join qa_pairs kept on kept.qa_id = d.kept_id
        group by all order by all""",
    "similarities": """
        select rule, round(similarity, 3) as similarity, count(*) as dropped from duplicates
        group by all order by all""",
    "sizes": f"""
        select size, count(*) as clusters from (select count(*) as size from {_MEMBERS} group by cluster)
        group by size order by size""",
    "members": f"""
        select m.cluster, s.size, m.qa_id, p.method, p.question, m.kept_id, m.rule, m.similarity
        from {_MEMBERS} m
        join (select cluster, count(*) as size from {_MEMBERS} group by cluster
              order by size desc, cluster limit {CLUSTERS_SHOWN}) s using (cluster)
        left join qa_pairs p on p.qa_id = m.qa_id
        qualify row_number() over (partition by m.cluster order by
            coalesce(m.kept_id, m.qa_id), m.kept_id is not null, m.similarity desc, m.qa_id) <= {MEMBERS_SHOWN}
        order by all""",
}
"""Frames of the section on duplicates, in the order of the arguments of :func:`duplicates_section`."""

SCALING: Mapping[str, str] = {
    "predictions": """
        select p.* from scaling_predictions p
        left join (select model, max(parameters) as parameters from scaling_observations group by model) using (model)
        order by training_set, metric, parameters, model, law, kind, tokens, value""",
    "conclusions": """
        select c.* from scaling_conclusions c
        left join (select model, max(parameters) as parameters from scaling_observations group by model) using (model)
        order by training_set, metric, kind, parameters, model, about""",
}
"""Frames of the section on scaling laws beside its observations, the smallest model first."""

QUERIES: Mapping[str, str] = {
    "quarantine": """
        select stage, reason, count(*) as rows, min(detail) as example from quarantine
        group by stage, reason order by stage, rows desc, reason""",
    "classifier": """
        select trees, threshold, training_rows, held_out_rows, precision, recall, rank_correlation, embedder
        from domain_classifier""",
    "kept": """
        select d.title, d.url, r.score from reference_documents r join documents d using (document_id)
        order by r.score desc, d.document_id limit 5""",
    "doubtful": """
        select d.title, d.url, r.score from reference_documents r join documents d using (document_id)
        order by r.score, d.document_id limit 5""",
    "rejected": """
        select d.title, d.url, q.detail from quarantine q join documents d on d.document_id = q.id
        where q.stage = 'reference_documents' order by md5(q.id) limit 5""",
    "examples": """
        select t.*, q.origin, q.teacher, q.walk_id from (
            select *, row_number() over (partition by method order by md5(qa_id)) as place from training_qa
        ) t join questions q on q.question_id = t.qa_id where place <= 3 order by method, place""",
    "sources": """
        select distinct d.document_id, d.title, d.url from documents d join (
            select unnest(documents) as document_id from (
                select documents, row_number() over (partition by method order by md5(qa_id)) as place from training_qa
            ) where place <= 3) using (document_id)""",
    "by_method": """
        select p.method, count(*) as answered, count(d.qa_id) as duplicates,
               count(c.qa_id) as contaminated, count(t.qa_id) as training,
               median(len(string_split(p.question, ' '))) as question_words,
               median(len(string_split(p.answer, ' '))) as answer_words
        from qa_pairs p
        left join duplicates d using (qa_id)
        left join (select distinct qa_id from contamination) c using (qa_id)
        left join training_qa t using (qa_id)
        group by p.method order by p.method""",
    "sets": """
        select training_set, split, count(*) as rows, sum(tokens)::bigint as tokens,
               count(*) filter (budget is not null) as within_budgets
        from training_sets group by all order by all""",
    "budgets": """
        select training_set, budget, count(*) as new_rows,
               (sum(count(*)) over (partition by training_set order by budget))::bigint as rows
        from training_sets where budget is not null group by training_set, budget order by all""",
    "runs": """
        select training_set, student, parameters, budget, epochs, seed, answer_loss, error, tokens_per_second
        from student_runs order by training_set, parameters, budget, seed""",
    "fits": """
        select training_set, model, metric, law, parameter, value, low, high, bootstrap_low,
               bootstrap_high, verdict, points, log_rmsd, aicc,
               hold_out_error from scaling_fits
        order by training_set, metric, model, law desc, parameter""",
    "predictions": """
        select training_set, metric, model, law, kind, tokens, value, low, high, observed, tokens_low, tokens_high
        from scaling_predictions
        where kind in ('plateau', 'hold_out') or (observed is null)
        order by training_set, metric, model, law desc, kind, tokens, value""",
}
"""Tables of the report by name."""

METHODS = (
    "select * from method_comparison order by all",
    "select * from method_pairs order by all",
    """select f.training_set as method, f.model as student, f.metric, f.value as floor, f.low, f.high, f.verdict,
              p.tokens as plateau
       from scaling_fits f
       left join (from scaling_predictions where kind = 'plateau') p using (training_set, model, metric, law)
       where f.law = 'rectified' and f.parameter = 'E'
         and f.training_set in (select method from method_comparison)
       order by student, metric, method""",
)
"""The methods side by side: their errors, the paired tests, and where the law of each saturates."""

DIVERSITY = (
    "select * from method_diversity order by method, measure, basis, against",
    "select * from diversity_histograms order by method, measure, low",
)
"""How different the questions of each method are."""

MIXTURES = (
    "select * from mixture_runs order by policy, seed",
    "select * from mixture_choices order by policy, seed, step",
)
"""What policies of mixing chose, and where their students ended."""
