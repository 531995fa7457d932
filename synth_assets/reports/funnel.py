"""The funnel: how much enters the road and what is left after each stage."""

FUNNEL = """
select * from (values
    (1, 'documents in',   (select count(*) from documents)
        + (select count(*) from quarantine where stage = 'documents')),
    (2, 'documents kept', (select count(*) from reference_documents)),
    (3, 'concepts',       (select count(distinct key_concept) from document_concepts)),
    (4, 'graph nodes',    (select count(*) from concept_nodes)),
    (5, 'graph edges',    (select count(*) from concept_edges)),
    (6, 'walks',          (select count(*) from concept_walks)),
    (7, 'questions',      (select count(*) from questions)),
    (8, 'answers',        (select count(*) from qa_pairs)),
    (9, 'duplicates',     (select count(*) from duplicates)),
    (10, 'contaminated',  (select count(distinct qa_id) from contamination)),
    (11, 'training rows', (select count(*) from training_qa)),
    (12, 'tokens',        (select coalesce(sum(tokens), 0)::bigint from training_sets where training_set = 'all')),
    (13, 'fits',          (select count(distinct (training_set, model, metric, law)) from scaling_fits))
) funnel(place, step, count) order by place
"""
"""SQL over the lake: columns place, step, count."""
