"""Rasa's counting of words and its linear classifier, without what that classifier never reads.

Rasa's featurizer counts every word of a message once more on its own, for classifiers that
read a message word by word. Its logistic regression reads the whole message alone: the same
numbers go in and come out here, in less than half the time. With a classifier that reads word
by word (DIET) use Rasa's own ``CountVectorsFeaturizer``.

What was learnt is kept as plain arrays: the format Rasa chose loads every estimator of
scikit-learn first, five seconds and many megabytes at each start.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.constants import DENSE_FEATURIZABLE_ATTRIBUTES
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import (
    CountVectorsFeaturizer,
)
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import coo_matrix, csr_matrix, spmatrix  # type: ignore[import-untyped]

_Type = DefaultV1Recipe.ComponentType
#: What a logistic regression knows after training, by scikit-learn's names.
_LEARNT = ("classes_", "coef_", "intercept_")
_FILE = "learnt.npz"


@DefaultV1Recipe.register(_Type.MESSAGE_FEATURIZER, is_trainable=True)
class WholeTextFeaturizer(CountVectorsFeaturizer):
    """Count the words of a whole message; settings as in ``CountVectorsFeaturizer``."""

    def _create_features(
        self, attribute: str, all_tokens: list[list[str]]
    ) -> tuple[list[spmatrix | None], list[spmatrix | None]]:
        vectorizer = self.vectorizers.get(attribute)
        if not vectorizer or attribute not in DENSE_FEATURIZABLE_ATTRIBUTES:
            found: tuple[list[spmatrix | None], list[spmatrix | None]]
            found = super()._create_features(attribute, all_tokens)
            return found
        return [None] * len(all_tokens), [_counted(vectorizer, one) for one in all_tokens]


@DefaultV1Recipe.register(_Type.INTENT_CLASSIFIER, is_trainable=True)
class WholeTextClassifier(LogisticRegressionClassifier):
    """Guess the intent from what the featurizers counted in the whole message."""

    def _create_X(self, messages: list[Message]) -> csr_matrix:  # noqa: N802  # Rasa's name
        return _rows([_features(message) for message in messages])

    def persist(self) -> None:
        """Keep what was learnt."""
        learnt = {name: np.asarray(getattr(self.clf, name)) for name in _LEARNT}
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / _FILE, **learnt)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> WholeTextClassifier:
        """Return the trained component; an untrained one if there was nothing to learn from."""
        made = cls(config, execution_context.node_name, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder, np.load(folder / _FILE) as learnt:
                for name in _LEARNT:
                    setattr(made.clf, name, learnt[name])
        except ValueError:  # Rasa's word for a resource that was never written
            return made
        made.clf.n_features_in_ = made.clf.coef_.shape[1]
        return made


def _counted(vectorizer: Any, tokens: Sequence[str]) -> spmatrix | None:
    if not tokens:
        return None
    counts = vectorizer.transform([" ".join(tokens)])
    counts.sort_indices()
    return counts.tocoo()


def _features(message: Message) -> list[coo_matrix]:
    """Return what was found in a whole message, counts before vectors as Rasa orders them."""
    found = [
        one
        for one in message.features
        if one.attribute == TEXT and one.type == FEATURE_TYPE_SENTENCE
    ]
    return [coo_matrix(one.features) for one in sorted(found, key=lambda one: one.is_dense())]


def _rows(rows: Sequence[Sequence[coo_matrix]]) -> csr_matrix:
    """Return a matrix with a row for each message: its parts side by side."""
    data: list[Any] = []
    columns: list[Any] = []
    ends, width = [0], 0
    for parts in rows:
        at = 0
        for part in parts:
            data.append(part.data)
            columns.append(part.col + at)
            at += part.shape[1]
        width = max(width, at)
        ends.append(ends[-1] + sum(len(part.data) for part in parts))
    if not data:
        return csr_matrix((len(rows), width))
    return csr_matrix((np.concatenate(data), np.concatenate(columns), ends), (len(rows), width))
