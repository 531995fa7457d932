"""All problem skills of probability, statistics, combinatorics, sets and logic, gathered from `chance_*`."""

from synth_assets.teachers.embedded.skill import Skill
from synth_assets.teachers.embedded.skills.chance_averages import SKILLS as AVERAGES
from synth_assets.teachers.embedded.skills.chance_conditional import SKILLS as CONDITIONAL
from synth_assets.teachers.embedded.skills.chance_counting import SKILLS as COUNTING
from synth_assets.teachers.embedded.skills.chance_distributions import SKILLS as DISTRIBUTIONS
from synth_assets.teachers.embedded.skills.chance_events import SKILLS as EVENTS
from synth_assets.teachers.embedded.skills.chance_expectation import SKILLS as EXPECTATION
from synth_assets.teachers.embedded.skills.chance_independence import SKILLS as INDEPENDENCE
from synth_assets.teachers.embedded.skills.chance_logic import SKILLS as LOGIC
from synth_assets.teachers.embedded.skills.chance_regression import SKILLS as REGRESSION
from synth_assets.teachers.embedded.skills.chance_sampling import SKILLS as SAMPLING
from synth_assets.teachers.embedded.skills.chance_selections import SKILLS as SELECTIONS
from synth_assets.teachers.embedded.skills.chance_sets import SKILLS as SETS
from synth_assets.teachers.embedded.skills.chance_spread import SKILLS as SPREAD
from synth_assets.teachers.embedded.skills.chance_venn import SKILLS as VENN

SKILLS: tuple[Skill, ...] = (
    *EVENTS,
    *INDEPENDENCE,
    *CONDITIONAL,
    *EXPECTATION,
    *DISTRIBUTIONS,
    *AVERAGES,
    *SPREAD,
    *SAMPLING,
    *REGRESSION,
    *SELECTIONS,
    *COUNTING,
    *VENN,
    *SETS,
    *LOGIC,
)
