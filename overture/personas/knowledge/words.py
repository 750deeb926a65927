"""Words of English that matter for recognising titles, moods and wishes in a message."""

from __future__ import annotations

from collections.abc import Mapping

from overture.personas.phrasing import word_set

#: Words that never identify a title by themselves.
SMALL = word_set(
    "a about after all am an any are as at be been but by can come could did do does don dont "
    "down ever for from get go good got had has have he her here him his how i if im in into is "
    "it its ive just let like lot lots many me more most much my n never new no not now of off "
    "old on one only or other our out over own really s same say see she should so some such t "
    "tell than that thats the their them then there these they this those to too two up us very "
    "want was we well were what when where which while who why will with without would yes yet "
    "you your"
)

#: Ordinary words, one of which in a title does not mean that the title is meant.
ORDINARY = word_set(
    "about above across again against agent alone along always angel angels animal anything apart "
    "apartment around artist august autumn away baby back bad bank battle beach bear beast "
    "beautiful beauty bed before beginning behind believe below best better between beyond "
    "bicycle big bird birds black blood blue board boat body book books born both bottle box boy "
    "boys bread break breakfast bride bridge bright bring broken brother brothers brown building "
    "burning butter button cabbage called captain cards care carrot castle chance change chicken "
    "child children chili chocolate christmas church cinema city class clear clock close cloud "
    "clouds club coast cold color colour coming cook corn corner country course cream crime cross "
    "crown cruel cuckoo culture curious dance dancer dances dancing danger dangerous dark "
    "darkness daughter dawn days dead dear death deep desert diary different dinner doctor dogs "
    "door double down dragon dream dreams dress drink drive driver driving during early earth "
    "east easy eight encounters end endless ends enemy engine english enough eternal evening "
    "event every everyone everything evil express eyes face faces fall family fantastic farewell "
    "farm fast father fear field fields fifth fight fighting fire first fish five floor flower "
    "flowers flying follow fool forest forever forgotten four fourth free french fresh friend "
    "friends front fruit full funny future game games garden general gentle ghost giant girl "
    "girls give glass golden gone good goodbye grand grass great green ground guide half hand "
    "hands happen happy hard harvest head heart heaven heavy hell hello help hidden high hill "
    "hills history hold hole holiday home honey hope horse hot hotel hour hours house hundred "
    "hungry hunt hunter husband ice idea imitation inside island journey just keep kept kettle "
    "killing kind king kingdom kings kitchen knife know lady lake lamp land large last late "
    "lavender leaf leave lemon letter letters level life light lights line lion little live "
    "living local lonely long look lost love loved lovely lover low lucky lunch machine magic "
    "magical magnificent make man many mark market master matter maybe meaning meat meet memories "
    "memory men middle midnight might milk mind minute mirror missing mission mist mister modern "
    "moment money monster month moon morning mother mountain mountains movie music musical name "
    "nature near necessary neighbor neighbour nest never next nice night nights nine noon north "
    "notebook nothing number ocean office once onion open opera orange order other others outside "
    "paper paradise parents park part parts party passage past path patient peace people pepper "
    "perfect person phantom photo piano picture piece place planet plant plants play player plum "
    "pocket point police pool poor portrait potato power prayer present pretty price pride prince "
    "private problem promise proof public pure purple queen question quick quiet rain rainbow "
    "raining raising ready real reason rebel red remains remember requiem return rice rich ride "
    "right ring rings rise river road robin roof room rose rosemary round running sailor salad "
    "salt same sand scene school science score sea search season second secret secrets sense "
    "seven shadow shape shark shift ship shop short show side silence silent silver simple "
    "singing sister sisters sixth skin sleep sleeping slow small smile smoke snow social society "
    "soft soldier something sometimes song songs sound soup south space special spirit spring "
    "square stage stand star stars start state station steel step still stone stop store storm "
    "story strange stranger strangers strawberry street string strong student sugar suite summer "
    "sunday sunset sunshine sweet swing table take tale talented talk taste tasty taxi teacher "
    "tell temple tender terms thank thanks theory there thing things think third thousand three "
    "through ticket time times tired today together tomato tomorrow tonight top touch toward town "
    "toy trail train travel tree trees trip trouble true trust truth turn twelve twenty twins "
    "under universe until usual valley very village violin visit voice voyage wait waiting walk "
    "wall want war warm water wave waves weather week weekend west whale wheel whisper white wife "
    "wild will wind window windows wine wings winter wish witch without witness woman women "
    "wonder wonderful wood woods word words work world worlds worse wrong year years yellow "
    "yesterday young"
)

#: Words and first names one of which does not stand for a longer title.
EVERYDAY = word_set(
    "abyss actress adventure adventures afraid africa agency america american amour anatomy "
    "animals announced arabia artificial assassination assault atlas awakens ballroom being "
    "benjamin betty burglar business caribbean casino catch cause caution center central "
    "chapters charles childhood chocolates chorus chronicles cider circuit cliff coffin "
    "conditions connection constant contract conversation cousin cover coward cowboy crest "
    "crosses crossing crouching crusade crystal curse daisy daniel delivery detective devil "
    "devotion diamond diaries dirty dispatch district drowning edward egypt element elephant "
    "elevator embrace emperor enter escape eternity events everywhere execution extra feast "
    "feeling fellowship fiction fist follows force fountain framed franchise fried fugitive "
    "gardener gardens gentleman grave greek harder hateful haunting heights highway hollow howls "
    "hunting identity imperial impossible independence innocence intelligence interest interview "
    "investigation james jason jesse judge jules juliet jungle killers ladies lakes lambs "
    "landscape later latvian laughing leaving legacy legends leopard lighthouse louise loving "
    "malcolm margot marian menace mermaid merry migration million millionaire minority minus "
    "monsters motion motorcycle moving mysterious naked named natural network nightmare ninth "
    "official pacific painted palace paris pirates poets poison poisoned policeman postman "
    "prejudice presidents prisoner professional proposition punch raise recall redemption report "
    "rider rises risky robert roger roman route royal rules series serpent service shell shoes "
    "single slave somewhere southern speech spider spies spirited spotless stanley steve stood "
    "straight strictly strikes strings study styles sucker summit super suspect suspects "
    "suspicion tailor tailors taking talking tattoo terrible texas thomas thread thursday tiger "
    "tokyo tomatoes towers treasure triplets turtle twice umbrellas unfortunate unsuitable vegas "
    "velvet virginia waltz wedding western winged wizard wolves writer"
)

#: First names and words that lie one slip from a title or a name but are meant as they stand.
NO_SLIP = word_set(
    "acoustic align aligned amazed anna annie april arrive arrived arriving artists batting brand "
    "brandon brave braver bread brother brothers burton casual chances chicken chocolate cinema "
    "classic coconut color comedy comfort country critic dances dancing danielle dinner dreamed "
    "dreamer drover elena emma exercise expect farmer father fighter finger gather gladly golden "
    "grander grandma gravy hammer hampton harmony heather hello horned hunter inspection jackson "
    "james janice jason jenny jolly juliet justice kitchen liking lilac listen listened listening "
    "logan lovely machine maria marina martin martini master matter memory mental metric michael "
    "millions mirrored mission moment monday morning mother mountain musical mystery natural "
    "neuron newmann nothing notion oliver orange outing parallel pardon parrot partner party "
    "passion peanut pianos picture planes planet planning player please pleased poster powder "
    "princes quite racing radio random rather ready really reasons recipe record rocket rocking "
    "romance salmon sandwich scared scorer season seasons second seriously service shining "
    "shorter simmer singer single spacing spanish speed spelling spinning spring started station "
    "stealing steamer sticker stranger strings summer sunday sunset target tempo tender thanks "
    "theater theatre thing titans together tomorrow towards traffic travel treat unusual usually "
    "vacation veteran village violins visual voyager walked wallet wander weather wedding weekend "
    "wicket willem william wilson window winner winter wonder wonders worlds writer yellow "
    "zombies"
)

#: What people say for a mood, as catalogues name it.
MOODS: Mapping[str, str] = {
    "blue": "melancholy",
    "bittersweet": "melancholy",
    "calm": "calm",
    "calming": "calm",
    "relaxing": "calm",
    "relaxed": "calm",
    "relax": "calm",
    "chill": "calm",
    "peaceful": "calm",
    "quiet": "calm",
    "gentle": "tender",
    "soft": "tender",
    "sad": "melancholy",
    "sadder": "melancholy",
    "melancholic": "melancholy",
    "melancholy": "melancholy",
    "wistful": "nostalgic",
    "nostalgia": "nostalgic",
    "cosy": "warm",
    "cozy": "warm",
    "comforting": "warm",
    "heartwarming": "warm",
    "sweet": "tender",
    "tender": "tender",
    "happy": "joyful",
    "cheerful": "joyful",
    "joyful": "joyful",
    "uplifting": "joyful",
    "upbeat": "joyful",
    "fun": "playful",
    "funny": "playful",
    "silly": "playful",
    "lighthearted": "playful",
    "light": "playful",
    "playful": "playful",
    "scary": "eerie",
    "creepy": "eerie",
    "spooky": "eerie",
    "eerie": "eerie",
    "haunting": "eerie",
    "dark": "dark",
    "gritty": "dark",
    "bleak": "dark",
    "depressing": "melancholy",
    "heavy": "dark",
    "violent": "dark",
    "gloomy": "dark",
    "moody": "dark",
    "emotional": "melancholy",
    "tearjerker": "melancholy",
    "feelgood": "warm",
    "wholesome": "warm",
    "intense": "tense",
    "nerve-racking": "tense",
    "tense": "tense",
    "suspenseful": "tense",
    "thrilling": "tense",
    "gripping": "tense",
    "exciting": "adventurous",
    "adventurous": "adventurous",
    "epic": "epic",
    "grand": "epic",
    "big": "epic",
    "sweeping": "epic",
    "romantic": "romantic",
    "lovely": "romantic",
    "dreamy": "dreamy",
    "magical": "dreamy",
    "strange": "strange",
    "weird": "strange",
    "quirky": "playful",
    "hopeful": "hopeful",
    "inspiring": "hopeful",
    "energetic": "energetic",
    "lively": "energetic",
    "fast": "energetic",
}

#: What people say for a genre, as catalogues name it.
GENRES: Mapping[str, str] = {
    "sci-fi": "science fiction",
    "sci fi": "science fiction",
    "scifi": "science fiction",
    "sf": "science fiction",
    "romcom": "romance",
    "rom-com": "romance",
    "romantic": "romance",
    "cartoon": "animation",
    "cartoons": "animation",
    "animated": "animation",
    "anime": "animation",
    "cowboy": "western",
    "detective": "crime",
    "mafia": "crime",
    "gangster": "crime",
    "superhero": "action",
    "funny": "comedy",
    "comedies": "comedy",
    "scary": "horror",
    "documentary": "documentary",
    "historical": "history",
    "biopic": "biography",
    "gory": "horror",
    "shooting star": "meteor shower",
    "shooting stars": "meteor shower",
    "meteors": "meteor shower",
    "unkillable": "easy",
    "beginner": "easy",
    "beginners": "easy",
    "veggie": "vegetarian",
    "pudding": "dessert",
    "cake": "dessert",
    "chocolatey": "dessert",
    "hike": "day hike",
    "walking": "walk",
    "running": "run",
    "jog": "run",
    "ghost": "horror",
    "space": "science fiction",
    "musicals": "musical",
    "kids": "family",
    "children": "family",
}

#: What people say for a country, as catalogues name it.
COUNTRIES: Mapping[str, str] = {
    "american": "United States",
    "hollywood": "United States",
    "argentine": "Argentina",
    "argentinian": "Argentina",
    "australian": "Australia",
    "bollywood": "India",
    "brazilian": "Brazil",
    "british": "United Kingdom",
    "canadian": "Canada",
    "chinese": "China",
    "danish": "Denmark",
    "english": "United Kingdom",
    "french": "France",
    "german": "Germany",
    "greek": "Greece",
    "indian": "India",
    "irish": "Ireland",
    "italian": "Italy",
    "japanese": "Japan",
    "korean": "South Korea",
    "mexican": "Mexico",
    "polish": "Poland",
    "russian": "Soviet Union",
    "soviet": "Soviet Union",
    "spanish": "Spain",
    "swedish": "Sweden",
    "thai": "Thailand",
    "turkish": "Turkey",
}

#: What people may eat, as catalogues name it: it holds for every wish.
DIETS = ("vegan", "vegetarian")

#: Words before a wish that turn it round.
NEGATIONS = word_set(
    "avoid dislike dislikes dont except hate hated hates isnt less never no not nothing without"
)
