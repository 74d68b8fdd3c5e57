"""presidio-analyzer with its default recognizers, on files of bench/tagging. Nothing is trained.

usage: python bench/peers/presidio_tags.py TRAIN.jsonl TEST.jsonl ANSWERS.jsonl MODEL

MODEL is a spaCy model, or `blank`: then only the recognizers of patterns have a part. It is asked for the types
of TYPES alone. Of answers that overlap the one with the higher score stays, then the longer, then the first.
Prints one JSON line.
"""

import json
import logging
import sys
import tempfile
from importlib.metadata import version

import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from tagged_rows import measure_answers, read_rows

# Presidio's type → the set's. It has none for street addresses, zip codes, titles and ages.
TYPES = {
    "PERSON": "PERSON",
    "LOCATION": "GPE",
    "NRP": "NRP",
    "DATE_TIME": "DATE_TIME",
    "PHONE_NUMBER": "PHONE_NUMBER",
    "EMAIL_ADDRESS": "EMAIL_ADDRESS",
    "CREDIT_CARD": "CREDIT_CARD",
    "IBAN_CODE": "IBAN_CODE",
    "IP_ADDRESS": "IP_ADDRESS",
    "URL": "DOMAIN_NAME",
    "US_SSN": "US_SSN",
    "US_DRIVER_LICENSE": "US_DRIVER_LICENSE",
}
# As presidio's own default.yaml has it; organizations are ignored there.
LABELS = {"PERSON": "PERSON", "NORP": "NRP", "DATE": "DATE_TIME", "TIME": "DATE_TIME"}
LABELS |= {label: "LOCATION" for label in ("FAC", "LOC", "GPE")}
IGNORED = ["ORG", "ORGANIZATION", "CARDINAL", "EVENT", "LANGUAGE", "LAW", "MONEY", "ORDINAL", "PERCENT", "PRODUCT"]
IGNORED += ["QUANTITY", "WORK_OF_ART"]


def engine_of(model):
    with tempfile.TemporaryDirectory() as folder:
        if model == "blank":
            spacy.blank("en").to_disk(folder)
        config = NerModelConfiguration(model_to_presidio_entity_mapping=LABELS, labels_to_ignore=IGNORED)
        models = [{"lang_code": "en", "model_name": folder if model == "blank" else model}]
        nlp = SpacyNlpEngine(models=models, ner_model_configuration=config)
        nlp.load()
        return AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])


def without_overlaps(found):
    kept = []
    for one in sorted(found, key=lambda one: (-one.score, one.start - one.end, one.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return kept


def main():
    _, test_path, answers_path, model = sys.argv[1:]
    logging.disable(logging.WARNING)
    engine = engine_of(model)
    known = set(engine.get_supported_entities("en"))
    asked = [name for name in TYPES if name in known]

    def answers_to(rows):
        answers = (engine.analyze(row["text"], language="en", entities=asked) for row in rows)
        return [[[o.start, o.end, TYPES[o.entity_type]] for o in without_overlaps(found)] for found in answers]

    system = f"presidio-analyzer {version('presidio-analyzer')}, {model}"
    print(json.dumps({"system": system, **measure_answers(read_rows(test_path), answers_to, answers_path)}))


main()
