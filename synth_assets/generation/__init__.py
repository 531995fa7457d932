"""Questions and answers (paper sections 2.2 and 2.3): the methods, the vote among answers. Takes a teacher, knows none."""
