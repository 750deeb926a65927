"""Whole texts are counted and guessed as Rasa's own components do."""

from __future__ import annotations

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import (
    CountVectorsFeaturizer,
)
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import coo_matrix

from overture.rasa_ext.counting import WholeTextClassifier, WholeTextFeaturizer
from overture.rasa_ext.reading import PlainTokenizer

SAID = {
    "greet": ["hello", "hi there", "good evening to you"],
    "bye": ["goodbye", "see you", "bye for now"],
    "ask": ["recommend me a film", "what should I watch tonight?", "a film for 2 please"],
}
HEARD = ["hello you", "a film, please!", "see", "zzz", "what 24 films", "..."]
COUNTS = ({"min_ngram": 1, "max_ngram": 3}, {"analyzer": "char_wb", "min_ngram": 2, "max_ngram": 5})


def build(kind, name, storage, how="create", **config):
    context = ExecutionContext(GraphSchema({}), node_name=name)
    settings = {**kind.get_default_config(), **config}
    return getattr(kind, how)(settings, storage, Resource(name), context)


def trained(folder, featurizer, classifier):
    """Train a pipeline and return what runs it on texts."""
    storage = LocalModelStorage.create(folder)
    tokenizer = PlainTokenizer({**PlainTokenizer.get_default_config()})
    data = TrainingData(
        [Message.build(text, intent) for intent, texts in SAID.items() for text in texts]
    )
    tokenizer.process_training_data(data)
    steps = [build(featurizer, f"f{at}", storage, **one) for at, one in enumerate(COUNTS)]
    for step in steps:
        step.train(data)
        step.process_training_data(data)
    build(classifier, "c", storage, solver="liblinear").train(data)
    last = build(classifier, "c", storage, how="load", solver="liblinear")

    def run(texts: list[str]) -> list[Message]:
        messages = [Message({TEXT: text}) for text in texts]
        for step in (tokenizer, *steps):
            messages = step.process(messages)
        return last.process(messages)

    return run


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    stock = (CountVectorsFeaturizer, LogisticRegressionClassifier)
    ours = (WholeTextFeaturizer, WholeTextClassifier)
    return [trained(tmp_path_factory.mktemp("nlu"), *pair) for pair in (stock, ours)]


def test_every_guess_is_as_sure_as_that_of_rasa(both):
    stock, ours = (run(HEARD) for run in both)
    for one, other in zip(stock, ours, strict=True):
        assert [guess["name"] for guess in one.get("intent_ranking")] == [
            guess["name"] for guess in other.get("intent_ranking")
        ]
        assert np.allclose(
            [guess["confidence"] for guess in one.get("intent_ranking")],
            [guess["confidence"] for guess in other.get("intent_ranking")],
            rtol=1e-12,
        )


def test_vectors_of_other_components_come_after_the_counts():
    message = Message({TEXT: "x"})
    message.add_features(Features(np.array([[1.0, 2.0]]), "sentence", TEXT, "vectors"))
    message.add_features(Features(coo_matrix([[0.0, 3.0, 4.0]]), "sentence", TEXT, "counts"))
    stock = LogisticRegressionClassifier._create_X(None, [message, message]).toarray()
    ours = WholeTextClassifier._create_X(None, [message, message]).toarray()
    assert ours.tolist() == stock.tolist() == [[0.0, 3.0, 4.0, 1.0, 2.0]] * 2


def test_a_text_without_words_is_guessed_all_the_same(both):
    assert both[1]([" "])[0].get("intent_ranking")


def test_what_never_learnt_is_loaded_untrained(tmp_path):
    storage = LocalModelStorage.create(tmp_path)
    assert not hasattr(build(WholeTextClassifier, "c", storage, how="load").clf, "coef_")
