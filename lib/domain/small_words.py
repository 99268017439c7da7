"""Small words that reading for evidence leans on: what they are is grammar, not clinical knowledge."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words("the a an his her their my our your this that each every both other another own")
"""They stand before a noun."""
DESCRIBING = _words(
    "new old older younger elder eldest current former late ex best close dear own step biological "
    "adoptive foster long estranged elderly adult teenage little big dying sick angry upset worried drunk "
    "both two three"
)
"""They may stand between a determiner and the person."""
TRAITS = _words(
    "tendency habit way fear refusal pattern inability reluctance practice history belief view attempt attempts "
    "efforts insistence"
)
"""After an owner they are his who owns them, wherever they stand: talked about her mother's tendency to hide it."""
EVENTS = _words(
    "death passing funeral illness cancer stroke diagnosis surgery operation absence return birthday redundancy "
    "dementia accident visit wedding estate will house flat name"
)
"""What befalls an owner and is no act of his: says his father's death is nothing to discuss."""
OCCASIONS = _words(
    "session meeting dinner lunch breakfast morning evening night afternoon afterwards home party day week weekend row "
    "quarrel"
)
"""Where a sentence has told when and where, its subject may follow: in the couple session the husband ..."""
TAKING = _words(
    "with to for of at about by from on in into toward towards against like than as told tells asked asks gave gives "
    "let lets made makes helped helps saw sees called calls left leaves hugged hit encouraged invited supported"
)
"""What stands after them is no subject."""
ACTING = _words(
    "put puts shut shuts did does has had could can would will feels felt goes froze freezes fell falls got gets ran "
    "runs hid hides stays leaves says tells asks turns looks walks keeps starts stops becomes refuses"
)
"""What a client does next: a verb, however it is written."""
SAYING = _words("said says say asked asks told tells yelled shouted replied wrote texted answered snapped")
"""What a speaker does beside a quotation."""
TELLING = _words(
    "says said reports reported observes observed notes noted recalls recalled admits admitted adds added explains "
    "explained thinks believes feels states stated tells claims complains suspects reckons remembers"
)
"""Whoever tells it between two commas is not the one it tells of."""
SEEING = _words("saw see sees seeing watched watches watching watch noticed notices noticing makes made making")
"""Who is seen doing it is the one who does it."""
OFTEN = _words(
    "a about after all and any as at back be because before but by can come day do down feel for from get "
    "give go good have he help her him his how i if in into is it just keep know last like look make may "
    "me more most much my need new no not now of off on one only or other out over own people put report "
    "right s said say see she should so some still take talk tell than that the them then there they "
    "thing think this time to today up use very want was we week well what when where which while who "
    "will with without work would year you your describe state patient client partner mother father wife "
    "husband session feeling family friend child work school home never always every each both start "
    "first another lot such too again away around during since until through between"
)
"""Every note holds them: a bad place to begin a search."""
HOPING = _words("want wants wanted wish wishes wished learn work works working worked toward try practise practice")
"""What is hoped for: to do without a sign, as to show a marker."""
GROUPS = _words("group grp couple pair")
"""What they explored has not happened; what they did they did."""
BETWEEN = _words("just already only always never once also first then finally both all not")
"""They may stand between `'d` and its verb."""
BIDDING = _words(
    "ask tell say share stay practise practice notice name use write try accept rely lean reach give receive allow "
    "listen speak voice express request show open remain return take come call text phone identify bring raise sit "
    "hold pause breathe thank delegate hand state communicate"
)
"""At the head of a clause, in this form, they bid: in a note what was done is `asked`, what is usual `asks`."""
SUPPOSING = _words("would might")
"""They suppose what follows them."""
PAST_FORMS = _words(
    "told said gave took left went kept held sat stood came wrote sent rang swallowed bit did was were had got made "
    "felt thought hid met spoke broke froze fell ran drove found brought lent leant wept rose chose began became drew "
    "threw grew knew saw heard paid slept spent led lost"
)
"""After a heading they tell what was done."""
TENSELESS = _words("need feed speed bleed succeed proceed exceed indeed heed")
"""They end in ed and are no past."""
TENSED = _words("is was has had does did are were")
"""A verb of its own after `and`: it takes no `not` over from what stood before."""
NO_VERBS = _words("his this its us as less always sometimes perhaps yes others besides upwards towards tears")
"""They end in s and are no verbs."""
LASTING = _words("rarely seldom hardly barely scarcely less longer")
"""A denial of a habit bears on all that belongs to it: no longer storms off and slams the door."""
IMAGINING = _words("imagine imagined imagines imagining dream dreamt dreamed dreams daydream fantasy if suppose")
"""What is told after them is told as if it had happened, and has not."""
ALWAYS = _words("and the a to of in is was that with for had have be it as at on")
"""Nearly every sentence holds them: a worse place still."""
WEEKDAYS = frozenset(
    {*_words("monday tuesday wednesday thursday friday saturday sunday tonight"), "this week", "this month"}
    | {"this weekend", "this time", "for once"}
)
"""In a plan they are still to come."""
PLAIN_DENIALS = _words(
    "not never no without nothing nobody none hardly barely rarely seldom less instead rather neither nor"
)
"""Inside a phrase only these deny it: "went cold and stopped speaking" is still one withdrawal."""


def tells_the_past(word: str) -> bool:
    """Whether a verb stands in a past form."""
    return (word.endswith("ed") and word not in TENSELESS) or word in PAST_FORMS


def is_habitual(word: str) -> bool:
    """Whether a word may be a verb of the third person: bottles, asks."""
    return len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word not in NO_VERBS


def has_tense(word: str) -> bool:
    """Whether a word can open a predicate of its own: told, asks, was."""
    return word in TENSED or tells_the_past(word) or is_habitual(word)
