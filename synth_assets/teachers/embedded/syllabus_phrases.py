"""Sentences that the kinds of syllabus documents are put together from.

The places they leave are for the topic, for several of its concepts (`named`), and for single ones.
"""

OPENINGS = (
    "A baker who gets an order for three times the usual number of loaves cannot simply guess how much flour to buy.",
    "Stand on a bridge and look down its cables: no two are of the same length, and yet nothing about them is chance.",
    "Your telephone knows where you are because it listens to satellites and compares the times their signals took.",
    "A nurse reads a chart, looks at the weight of a patient, and has a minute to work out how much to give.",
    "Before a single brick is laid, somebody has decided how steep the roof will be and how many tiles will cover it.",
    "The league table in the newspaper is nothing but counting, and still people quarrel about it for a whole week.",
    "Every password you type is turned into something that looks like noise, and only the right key turns it back.",
    "A gardener wants to fence a bed with the wire that is left in the shed, and the bed should be as large as it can.",
    "Robots that carry boxes through a warehouse must plan their paths, and they must do it faster than you can blink.",
    "When a bank lends money it asks for more in return, and the longer you wait the faster the debt seems to grow.",
    "Musicians tune a string by its length. Halve it, and you hear the same note again, only higher.",
    "Spilled ink spreads, rumours spread, and so does an illness; those who want to stop it have to know how fast.",
    "A film is made of pictures, and a picture is made of dots. Somebody has to say where each goes and how bright.",
    "The captain of a ferry sees the current push her sideways and steers a little upstream to land at the right pier.",
    "Two friends share the rent of a flat whose rooms are not of the same size, and neither of them wants to overpay.",
    "Look at the floor of an old mosque: a handful of shapes, turned and repeated, fill it without a gap.",
)
"""Everyday scenes that chapters and articles begin with."""

OUTLOOKS = (
    "In this chapter you will learn about {topic}. We begin with {first}, go on to {second}, and use both in problems.",
    "Behind all this lies {topic}. This chapter explains {named}, and shows how they are used to solve problems.",
    "To answer such questions we need mathematics, and in particular {topic}: {named}.",
    "The mathematics of this chapter, {topic}, gives the tools: {first}, {second} and {third}.",
    "How is it done? With {topic}. You will meet {first} and {second}, calculate with them, and check your solutions.",
    "In the pages that follow we explore {named}, the basic concepts of {topic}, and practise them in exercises.",
)
"""What the scenes lead to."""

STARTS = (
    "In this section we define {first} and {second} and prove what they have to do with one another.",
    "We have used {first} already without saying exactly what it is. It is time for a definition.",
    "The study of {topic} rests on a few concepts: {named}. Each is made precise below.",
    "Students often mistake {first} for {second}. This section keeps them apart and shows how both lead to {third}.",
)

DEFINITIONS = (
    "Definition. By {first} we mean what the examples above have in common; it is defined whenever {second} is.",
    "Recall the meaning of {first}. In what follows it is always taken together with {second} unless we say so.",
    "There are two ways to think of {first}: as a rule for calculating, and as a picture. Both give the same value.",
    "Let us call the first case {first} and the second {second}. A given expression belongs to exactly one of them.",
    "The notion of {third} extends {first} to the general case, where it need not be unique.",
    "Note that {first} does not depend on the order in which the terms are taken, whereas {second} does.",
)

ARGUMENTS = (
    "Theorem. If the conditions for {first} are satisfied, so are those for {second}. Proof. Suppose, to the contrary, "
    "that they are not. Then by the definition of {third} we obtain two different values for the same quantity, which "
    "is a contradiction. Hence the assumption was false, and the theorem is proved.",
    "To see why, let the given quantity be unknown and write down what is known about {first}. Substituting this into "
    "the condition for {second}, we find that both sides are equal for every value, which was to be shown.",
    "It is enough to consider the case in which {first} is positive; the other follows by symmetry. By {second} the "
    "difference is then at least as great as before, and therefore equality holds if and only if both are zero.",
    "The converse is not true in general. A counterexample is easily found with {first}: it has the property required "
    "of {second}, and yet {third} fails. One must therefore check the hypothesis before applying the rule.",
    "We argue step by step. The statement holds in the simplest case. If it holds in one case, then by {first} it "
    "holds in the next. So it holds for all natural numbers, and in particular for {second}.",
)

CLOSINGS = (
    "Before you go on, make sure that you can define {first}, calculate {second} and explain in words what {third} is.",
    "You should now be able to solve problems about {topic}, using {first} and {second}. Check each answer.",
    "Write down a formula or a sketch for {first} and for {second}, then solve the problem without looking back.",
)
