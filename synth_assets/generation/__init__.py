"""Questions and answers (paper sections 2.2, 2.3): the methods, the vote. Takes a teacher, knows none."""
