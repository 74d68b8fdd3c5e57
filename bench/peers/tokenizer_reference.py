"""Makes the small tokenizers of src/ml/transformers/testing/tokenizers and the ids that they give.

usage: python bench/peers/tokenizer_reference.py src/ml/transformers/testing/tokenizers
       npx prettier --write src/ml/transformers/testing/tokenizers

byteLevel is a tokenizer like RoBERTa's, precompiled one like XLM-R's with a small map of SentencePiece's, unigram
one with the same pieces that lower-cases. expected.json has the ids of Hugging Face's tokenizers for each text.
"""

import io
import json
import sys
import tempfile
import unicodedata
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
MASK = AddedToken("<mask>", lstrip=True, special=True)

CORPUS = [
    "A card was lost on the way to the bank, and the bank sent another card.",
    "Trains leave the yard at noon; the yard's gates don't open before eleven.",
    "We'll count 12 cars, 345 wheels and 6,789 bolts, then we'll count them again.",
    "Größere Züge fahren später, außer an Feiertagen; die Straße bleibt frei.",
    "Le café où l'élève déjeunait fermait à l'été, et rouvrait en février.",
    "El señor llevó el niño al jardín; mañana irán al río otra vez.",
    "Поезд идёт по мосту, а под мостом идёт другой поезд.",
    "Το τρένο φεύγει από τον σταθμό, και ο σταθμός μένει άδειος.",
    "電車は駅を出て、次の駅へ行く。駅の前で人が待つ。",
    "기차가 역을 떠나 다음 역으로 간다. 역 앞에 사람이 있다.",
    "القطار يغادر المحطة ثم يعود إلى المحطة.",
    "रेलगाड़ी स्टेशन से जाती है और स्टेशन पर आती है।",
    "Good morning 😀 and good night 🌙, said the driver 👍🏽 to the family 👨‍👩‍👧.",
]

TEXTS = [
    "",
    "The bank sent another card.",
    "the train's late; don't wait, we'll count again, I'd say",
    "  two  spaces   three    four, at the end  ",
    "tabs\tand\nlines\r\nand\u0085next\u2028line",
    "12 345,678 3.14 ½ x² №7 Ⅻ ①②",
    "Größe, Straße, ẞ, naïve café",
    "Gro\u0308ße, nai\u0308ve cafe\u0301, e\u0301\u0300 and a\u0323\u0302",
    "ΣΤΑΘΜΟΣ σταθμός ΟΔΟΣ.",
    "Поезд идёт, ПОЕЗД ИДЁТ",
    "電車は駅を出て、駅へ行く。",
    "ＦＵＬＬ　ｗｉｄｔｈ！ ｶﾞｷﾞ ～",
    "기차가 역을 떠나 \u1100\u1161\u11a8",
    "القطار يغادر\u061c المحطة",
    "रेलगाड़ी क\u093c स्टेशन",
    "ภาษาไทย กำ",
    "😀😀 👍🏽 👨‍👩‍👧 🇩🇪 ❤\ufe0f \u200d😀",
    "\ufeffa byte order mark\ufeff and one within  \ufeff",
    "zero\u200bwidth\u200cjoin\u200ders and soft\u00adhyphens",
    "no\u00a0break thin\u2009space ideographic\u3000space",
    "ﬁne oﬃce ﬂow ĳs ŉ ſ",
    "½\u0301 ﬁ\u0300 \u00a0\u0301 x\u0301\ufe0f",
    "<s>special <mask> tokens</s> <unk>",
    "a  <mask>  b<mask>c < mask >",
    "▁under▁lined ▁",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \U00020000\U00020001",
    "control\u0001s and\u007f deletes",
    "unknown: ᚠᚢᚦ ꙮ ߊ ᚠ ᚢ",
    "Donaudampfschifffahrtsgesellschaftskapitän" * 4,
    "https://example.org/a_b?c=%20#d user@example.org --- ... (x) [y] {z}",
]


def surrounded(tokenizer, processor):
    tokenizer.post_processor = processor
    tokenizer.add_special_tokens([*SPECIAL, MASK])
    return tokenizer


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=430, special_tokens=[*SPECIAL, MASK], initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return surrounded(tokenizer, processors.RobertaProcessing(("</s>", 2), ("<s>", 0)))


def unigram(vocabulary, normalizer, pre_tokenizer):
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    template = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return surrounded(tokenizer, template)


def rules():
    """What SentencePiece's map replaces: some of its usual rules, for characters that the texts have."""
    ranges = [(0xA0, 0x180), (0x2000, 0x2010), (0x2150, 0x2190), (0x2460, 0x2474), (0xFB00, 0xFB07), (0xFF01, 0xFFA0)]
    singles = [chr(code) for start, end in ranges for code in range(start, end)]
    pairs = [letter + accent for letter in "aeioucnAEIOU" for accent in "\u0300\u0301\u0302\u0303\u0308\u0323"]
    for text in singles + pairs:
        normal = unicodedata.normalize("NFKC", text)
        if normal != text and text != "～":
            yield text, normal
    for space in "\t\n\r\u200b\u200c\u200e\u2028\u3000\ufeff\u061c\u2581":
        yield space, " "
    for control in "\u0001\u007f":
        yield control, ""


def sentencepiece_model():
    codes = lambda text: " ".join(f"{ord(character):X}" for character in text)
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.writelines(f"{codes(source)}\t{codes(target)}\n" for source, target in dict(rules()).items())
        file.flush()
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(CORPUS),
            model_writer=model,
            normalization_rule_tsv=file.name,
            character_coverage=1.0,
            vocab_size=330,
            hard_vocab_limit=False,
            num_threads=1,
            minloglevel=2,
        )
    return sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())


def main(folder):
    model = sentencepiece_model()
    # As XLM-R's: the special ones in another order than SentencePiece's, then the pieces.
    vocabulary = [(token, 0.0) for token in SPECIAL] + [(piece.piece, round(piece.score, 4)) for piece in model.pieces[3:]]
    words = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    uncased = normalizers.Sequence([normalizers.NFKC(), normalizers.Strip(), normalizers.Lowercase()])
    tokenizers = {
        "byteLevel": byte_level(),
        "unigram": unigram(vocabulary, uncased, pre_tokenizers.Metaspace()),
        "precompiled": unigram(vocabulary, normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap), words),
    }
    ids = {}
    for name, tokenizer in tokenizers.items():
        (folder / f"{name}.json").write_text(tokenizer.to_str(), encoding="utf-8")
        ids[name] = [encoding.ids for encoding in tokenizer.encode_batch(TEXTS)]
    (folder / "expected.json").write_text(json.dumps({"texts": TEXTS, "ids": ids}), encoding="utf-8")


main(Path(sys.argv[1]))
