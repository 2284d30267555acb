"""The sentences that say why something is suggested. Doors translate them."""

from annotations.text.words import N_

MARKS_AND_CUE = N_("These words stand between quotation marks, with the cue “%(cue)s” beside them.")
SPLIT = N_("One quotation in two pieces: the speaking clause with “%(cue)s” interrupts it.")
COLON = N_("Quotation marks follow a colon.")
NEIGHBOUR = N_("These words stand between quotation marks, beside another quote of this paragraph.")
MARKS_ALONE = N_("These words stand between quotation marks; no cue was found beside them.")
SCARE = N_("A word or two between quotation marks, without speaker or cue: maybe a scare quote.")
FOLLOWS = N_("What follows the cue “%(cue)s”, to the end of its clause.")
AROUND = N_("The cue “%(cue)s” interrupts or closes this sentence.")
NESTED = N_("A quotation inside another one, behind the cue “%(cue)s”.")

REGISTRY = N_("The registry knows this name.")
AMBIGUOUS = N_("Several entities of the registry bear this name: choose who is meant.")
METONYM = N_("The registry knows this as a place or thing that stands for an actor: you decide.")
ROLE = N_("The registry knows this as somebody's role: who held it, is for you to say.")
DEFINITION = N_("The text gives this name with its abbreviation.")
TITLE = N_("A title with a name.")
