"""Phrases: who does what, cut by the declared names (section 6).

Takes:  the phrase of a clause, the names in sight.
Gives:  Reading: party, act, subject; or a complaint that shows the readings there are.
Never:  guesses between two readings.

A phrase is cut by longest match against the names of definitions and, at its start, of parties. What is left are words that
nothing declares: the first is the party, the next the verb, later ones the verb's object.
"""

from __future__ import annotations

from itertools import groupby

from attrs import frozen

from sladsl.checked.context import Context
from sladsl.checked.expressions import Expressions
from sladsl.checked.happenings import chosen, event_stems, nearly_declared
from sladsl.checked.kinds import TRUTH
from sladsl.checked.program import Act
from sladsl.checked.scopes import DefinitionEntry, PartyEntry, Scope
from sladsl.checked.slips import holds_operator
from sladsl.checked.typed import DefRef, Expr, Or, TypeMatches, Wrong
from sladsl.checked.words import cut_out, span_of, text_of
from sladsl.syntax import tree
from sladsl.text import Span, fold

Words = tuple[tree.Word, ...]


@frozen
class Piece:
    """A stretch of a phrase: a declared state or action, or (`entry` None) one word that nothing declares."""

    words: Words
    entry: DefinitionEntry | None = None

    @property
    def span(self) -> Span:
        """Its place."""
        return span_of(self.words)


@frozen
class Reading:
    """A phrase understood: the party (None where nobody is named), the act, the subject with its place."""

    party: PartyEntry | None
    act: Act
    subject: DefinitionEntry | None
    subject_span: Span | None


def read_phrase(context: Context, scope: Scope, phrase: tree.Phrase) -> Reading | None:
    """The reading of a phrase; None where a complaint has been made."""
    return _Phrase(context, scope, phrase).read()


def party_named(context: Context, scope: Scope, words: Words) -> PartyEntry | None:
    """The party of a run of words: a declared one, else one that only this name knows; None after a complaint."""
    declared = _declared_party(context, scope, words)
    if isinstance(declared, Wrong):
        return None
    name = text_of(words)
    if declared is not None:
        context.use(declared, span_of(words))
        return declared
    key = fold(name)
    entry = context.unnamed_parties.get(key)
    if entry is None:
        entry = PartyEntry(name, span_of(words), context.root, declared=False, used=True)
        entry.number = len(context.parties)
        context.parties.append(entry)
        context.unnamed_parties[key] = entry
    return entry


def _declared_party(context: Context, scope: Scope, words: Words) -> PartyEntry | Wrong | None:
    found = scope.parties_by_stems(context.words.stems(text_of(words)))
    key = fold(text_of(words))
    exact = [entry for entry in found if fold(entry.name) == key]
    if not found:
        return None
    if len(found) == 1 or exact:
        return (exact or found)[0]
    names = " or ".join(f"`{entry.name}`" for entry in found[:3])
    span = span_of(words)
    context.findings.add(
        "SLA0301", f"`{text_of(words)}` could be {names}", span, help="write the name as it is declared"
    )
    return Wrong(span=span)


class _Phrase:
    def __init__(self, context: Context, scope: Scope, phrase: tree.Phrase) -> None:
        self.context = context
        self.scope = scope
        self.phrase = phrase
        self.x = Expressions(context, scope, happening=True, role="verb")

    def read(self) -> Reading | None:
        phrase = self.phrase
        party: PartyEntry | None = None
        runs = [self.context.words.telling(run.words) for run in phrase.runs]
        if phrase.party is not None:
            words = self.context.words.telling(phrase.party.words) or phrase.party.words
            party = party_named(self.context, self.scope, words)
            if party is None:
                return None
        elif not phrase.must and runs:
            cut = self._cut_party(runs[0])
            if cut is None:
                return None
            party, runs[0] = cut
        acts: list[tuple[Expr, bool, str]] = []
        subjects: list[Piece] = []
        for run, written in zip(runs, phrase.runs, strict=True):
            pieces = self._pieces(run)
            if pieces is None:
                return None
            act = self._act(pieces, subjects, written.span)
            undeclared = tuple(word for piece in pieces if piece.entry is None for word in piece.words)
            if act is None or holds_operator(self.context, undeclared):
                return None
            acts.append(act)
        return self._joined(party, acts, subjects)

    # --- the party ---------------------------------------------------------------------------------------------------

    def _cut_party(self, words: Words) -> tuple[PartyEntry | None, Words] | None:
        """The party at the start of the first run, and the words after it; None after a complaint."""
        for length in range(min(len(words), self.scope.longest()), 0, -1):
            declared = _declared_party(self.context, self.scope, words[:length])
            if isinstance(declared, Wrong):
                return None
            if declared is None:
                continue
            rest = words[length:]
            if not rest and len(self.phrase.runs) > 1:
                message = f"`{self.context.text(self.phrase.span)}` names two parties"
                help = "write a clause for each, or a `party` that is either: `party both = team in (…)`"
                self.context.findings.add("SLA0314", message, self.phrase.span, help=help)
                return None
            if not rest:
                message = f"`{text_of(words)}` is a party; it does not say what it does"
                self.context.findings.add("SLA0302", message, self.phrase.span)
                return None
            if self._is_longer_name(words, length):
                continue
            self.context.use(declared, span_of(words[:length]))
            return declared, rest
        pieces = self._pieces(words)
        if pieces is None:
            return None
        if not pieces:
            message = f"`{self.context.text(self.phrase.span)}` does not say who does what"
            self.context.findings.add("SLA0302", message, self.phrase.span, help="e.g. `sales contacts within 24h`")
            return None
        if self._verb_or_state(words, pieces[0]):
            return None
        if pieces[0].entry is not None or len(pieces) == 1:
            return None, words  # it begins with its verb
        if self._state_follows(pieces):
            return None
        first = pieces[0].words
        after = (
            next(at for at, word in enumerate(words) if word is first[-1]) + 1
        )  # the case's own word may stand before
        return party_named(self.context, self.scope, first), words[after:]

    def _is_longer_name(self, words: Words, length: int) -> bool:
        """Whether a declared state or action covers these words and more (`sales ready` beside a party `sales`).

        A state `sales accepted` does not cover `sales accepts`: after the party's name that is its verb.
        """
        longest = min(len(words), self.scope.longest())
        runs = (words[:more] for more in range(longest, length, -1))
        return any(
            entry.is_condition and not self._is_verb_of(entry, run, length)
            for run in runs
            for entry in self.scope.by_stems(self.context.words.stems(text_of(run)))
        )

    def _is_verb_of(self, entry: DefinitionEntry, run: Words, length: int) -> bool:
        """Whether the word after a party's name is another form of that word in a state's name: `accepts`, `accepted`."""
        noise = self.context.words.noise
        declared = [word for word in fold(entry.name).split() if word not in noise]
        return not entry.action and len(declared) == len(run) > length and declared[length] != run[length].key

    def _verb_or_state(self, words: Words, piece: Piece) -> bool:
        """`sales accepts lead` beside a state `sales accepted`, where nothing says that `sales` is a party."""
        entry = piece.entry
        if entry is None or len(piece.words) < 2 or not self._is_verb_of(entry, piece.words, 1):
            return False
        party, verb = piece.words[0].text, text_of(words[1:])
        message = f"`{self.context.text(self.phrase.span)}` has two readings"
        notes = (f"`{party}` is the party, and `{verb}` is what it does", f"the state `{entry.name}` must begin")
        help = f"declare `party {party}` for the first, write `{entry.name}` for the second"
        labels = ((entry.span, f"`{entry.name}` is declared here"),)
        self.context.findings.add("SLA0301", message, self.phrase.span, notes=notes, help=help, labels=labels)
        return True

    def _state_follows(self, pieces: list[Piece]) -> bool:
        """`contacts qualified lead`: a word, then a state and no more. Is the word the party, or the verb?"""
        second = pieces[1].entry
        if second is None or second.action or len(pieces) > 2 or len(self.phrase.runs) > 1:
            return False
        word, state = text_of(pieces[0].words), second.name
        message = f"`{self.context.text(self.phrase.span)}` has two readings"
        notes = (
            f"`{word}` is the party, and `{state}` must begin",
            f"`{word}` is what must happen, and the clock starts when `{state}` begins",
        )
        help = f"write `{word} must {state}` for the first, `{word} … of {state}` or the party's name before it for the second"
        self.context.findings.add("SLA0301", message, self.phrase.span, notes=notes, help=help)
        return True

    # --- cutting -----------------------------------------------------------------------------------------------------

    def _pieces(self, words: Words) -> list[Piece] | None:
        """The words cut by longest match against the declared states and actions; None after a complaint."""
        matches = self._matches(words)
        if matches is None:
            return None
        taken: list[tuple[int, int, DefinitionEntry]] = []
        for start, length, entry in sorted(matches, key=lambda match: (-match[1], match[0])):
            over = [other for other in taken if other[0] < start + length and start < other[0] + other[1]]
            if not over:
                taken.append((start, length, entry))
                continue
            rival = over[0]
            inside = rival[0] <= start and start + length <= rival[0] + rival[1]
            if rival[1] == length and not inside:
                self._two_readings(words, rival, (start, length, entry))
                return None
        pieces: list[Piece] = []
        at = 0
        for start, length, entry in sorted(taken, key=lambda match: match[0]):
            pieces.extend(Piece((word,)) for word in words[at:start])
            pieces.append(Piece(words[start : start + length], entry))
            at = start + length
        pieces.extend(Piece((word,)) for word in words[at:])
        return self._without_case(pieces) or pieces

    def _without_case(self, pieces: list[Piece]) -> list[Piece]:
        """The pieces without the case's own word, which says nothing."""
        telling: list[Piece] = []
        for declared, run in groupby(pieces, lambda piece: piece.entry is not None):
            held = list(run)
            if declared:
                telling.extend(held)
                continue
            words = tuple(word for piece in held for word in piece.words)
            telling.extend(Piece((word,)) for word in cut_out(words, self.context.words))
        return telling

    def _matches(self, words: Words) -> list[tuple[int, int, DefinitionEntry]] | None:
        longest = self.scope.longest()
        matches: list[tuple[int, int, DefinitionEntry]] = []
        for start in range(len(words)):
            for length in range(min(longest, len(words) - start), 0, -1):
                run = words[start : start + length]
                if any(word.quoted for word in run) and length > 1:
                    continue
                found = [e for e in self.scope.by_stems(self.context.words.stems(text_of(run))) if e.is_condition]
                if not found:
                    continue
                entry = found[0] if len(found) == 1 else chosen(self.context, found, fold(text_of(run)), span_of(run))
                if isinstance(entry, Wrong):
                    return None
                matches.append((start, length, entry))
        return matches

    def _two_readings(
        self, words: Words, one: tuple[int, int, DefinitionEntry], two: tuple[int, int, DefinitionEntry]
    ) -> None:
        first, second = sorted((one, two), key=lambda match: match[0])
        whole = words[first[0] : second[0] + second[1]]
        message = (
            f"`{text_of(whole)}` has two readings: it holds `{first[2].name}` and `{second[2].name}`, which overlap"
        )
        labels = tuple((entry.span, f"`{entry.name}` is declared here") for _, _, entry in (first, second))
        help = "write the one that is meant in backticks"
        self.context.findings.add("SLA0301", message, span_of(whole), help=help, labels=labels)

    # --- verb, object, subject -----------------------------------------------------------------------------------------

    def _act(self, pieces: list[Piece], subjects: list[Piece], place: Span) -> tuple[Expr, bool, str] | None:
        """The verb of one run (its condition, whether it is a state, as written); subjects are added to `subjects`."""
        if not pieces:
            message = f"`{self.context.text(self.phrase.span)}` does not say what is done"
            self.context.findings.add("SLA0302", message, place)
            return None
        verb, rest = pieces[0], pieces[1:]
        objects = [piece for piece in rest if piece.entry is None]
        subjects.extend(piece for piece in rest if piece.entry is not None)
        if verb.entry is not None:
            self.context.use(verb.entry, verb.span)
            verb.entry.wanted.setdefault(TRUTH, verb.span)
            if objects:
                self._says_nothing(verb.entry, objects)
            written = text_of(verb.words)
            return DefRef(verb.entry.number, TRUTH, span=verb.span), not verb.entry.action, written
        unknown = tuple(word for piece in objects for word in piece.words)
        if unknown and nearly_declared(self.x, unknown, span_of(unknown)):
            return None
        words = (*verb.words, *unknown)
        required, allowed = event_stems(self.context, verb.words), event_stems(self.context, words)
        written = text_of(words)
        return TypeMatches(required, allowed, written, "verb", span=verb.span), False, written

    def _says_nothing(self, entry: DefinitionEntry, objects: list[Piece]) -> None:
        words = tuple(word for piece in objects for word in piece.words)
        span = span_of(words)
        if nearly_declared(self.x, words, span):
            return
        message = (
            f"`{text_of(words)}` says nothing here: nothing declares it, and `{entry.name}` is declared without it"
        )
        self.context.findings.add("SLA0303", message, span, labels=((entry.span, f"`{entry.name}` is declared here"),))

    def _joined(
        self, party: PartyEntry | None, acts: list[tuple[Expr, bool, str]], subjects: list[Piece]
    ) -> Reading | None:
        named = {piece.entry for piece in subjects}
        if len(named) > 1:
            names = " and ".join(f"`{text_of(piece.words)}`" for piece in subjects[:2])
            message = f"`{self.context.text(self.phrase.span)}` names two things for the clock to start at: {names}"
            self.context.findings.add("SLA0313", message, subjects[1].span, help="say it with `of …` and `when …`")
            return None
        states = {state for _, state, _ in acts}
        if len(states) > 1:
            message = f"`{self.context.text(self.phrase.span)}` joins an action and a state by `or`"
            help = 'define an action for both: `done = event = "…"`'
            self.context.findings.add("SLA0301", message, self.phrase.span, help=help)
            return None
        condition = acts[0][0] if len(acts) == 1 else Or(tuple(act[0] for act in acts), span=self.phrase.span)
        written = " or ".join(act[2] for act in acts)
        act = Act(condition, acts[0][1], written, span=self.phrase.span)
        subject = subjects[0] if subjects else None
        if subject is not None and subject.entry is not None:
            self.context.use(subject.entry, subject.span)
            subject.entry.wanted.setdefault(TRUTH, subject.span)
            return Reading(party, act, subject.entry, subject.span)
        return Reading(party, act, None, None)
