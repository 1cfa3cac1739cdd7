"""The words of phrases: what folds away and what they stem to.

Takes:  names of the tree, the language of the policy, the word for one case.
Gives:  Words: stems of a name, of a run of words, and which words are noise.
Never:  knows what a name means.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field

from sladsl.syntax import tree
from sladsl.text import Span, fold, stem


@define
class Words:
    """How one policy's words are folded.

    Args:
        language: the code of its spoken language, for stems.
        noise: articles and small prepositions, folded.
        case_word: what one case is called, as written.
    """

    language: str
    noise: frozenset[str]
    case_word: str = "case"
    _stems: dict[str, tuple[str, ...]] = field(factory=dict)

    @property
    def case_stems(self) -> tuple[str, ...]:
        """The stems of the word for a case."""
        return self.stems(self.case_word)

    def stems(self, text: str) -> tuple[str, ...]:
        """The stems of a name's words in their order, without noise (unless it is nothing else).

        Plurals and inflections fold: `qualified leads` and `qualified lead` have the same.
        """
        known = self._stems.get(text)
        if known is None:
            words = fold(text).split()
            telling = [word for word in words if word not in self.noise] or words
            known = self._stems[text] = tuple(stem(word, self.language) for word in telling)
        return known

    def is_noise(self, word: tree.Word) -> bool:
        """Whether a word of a phrase is an article or a small preposition; never one in backticks."""
        return not word.quoted and word.key in self.noise

    def telling(self, words: Iterable[tree.Word]) -> tuple[tree.Word, ...]:
        """The words of a phrase that are no noise."""
        return tuple(word for word in words if not self.is_noise(word))

    def without_case(self, words: tuple[tree.Word, ...]) -> tuple[tree.Word, ...]:
        """The words without the case's own word, unless they are nothing else."""
        return cut_out(words, self) or words

    def is_case(self, words: tuple[tree.Word, ...]) -> bool:
        """Whether the words are just the word for a case."""
        return self.stems(text_of(words)) == self.case_stems


def cut_out(words: tuple[tree.Word, ...], folded: Words) -> tuple[tree.Word, ...]:
    """The words without the case's own word, which may be several; nothing where they are nothing else."""
    case = folded.case_stems
    left: list[tree.Word] = []
    at = 0
    while at < len(words):
        run = words[at : at + len(case)]
        if len(run) == len(case) and not any(word.quoted for word in run) and folded.stems(text_of(run)) == case:
            at += len(case)
        else:
            left.append(words[at])
            at += 1
    return tuple(left)


def text_of(words: Iterable[tree.Word]) -> str:
    """Words as written, one space between them."""
    return " ".join(word.text for word in words)


def span_of(words: tuple[tree.Word, ...]) -> Span:
    """The place of a run of words, which must not be empty."""
    return words[0].span.to(words[-1].span)
