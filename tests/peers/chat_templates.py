# Makes tests/data/templates/*.jsonl: what Jinja 3, set up as transformers sets it up for chat templates, writes for
# these templates and values. Needs jinja2; run it from anywhere.
import datetime
import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.sandbox

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_write"), [], [], body).set_lineno(line)

    def _write(self, caller):
        return caller()


def environment(dated):
    made = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    def refuse(message):
        raise jinja2.exceptions.TemplateError(message)

    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = refuse
    if dated:
        made.globals["strftime_now"] = lambda form: datetime.datetime(2025, 3, 7, 15, 4, 5).strftime(form)
    return made


def written(source, values, dated=True):
    try:
        return environment(dated).from_string(source).render(**values)
    except Exception:
        return None


def source(name):
    if name.endswith(".json"):
        return json.loads((DATA / "tokenizers" / name).read_text())["chat_template"]
    return (DATA / "templates" / name).read_text()


TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "search",
            "description": "Finds \"things\" <fast> & well: é漢",
            "parameters": {"properties": {"query": {"type": "string"}, "k": {"type": "integer", "default": 3}}},
            "return": {"type": "string"},
        },
    },
    {"type": "function", "function": {"name": "clock", "parameters": {}}},
]


def call(arguments):
    return {"id": "abc123XYZ", "type": "function", "function": {"name": "search", "arguments": arguments}}


CALL = call({"query": "a \"b\"\n", "k": 2.5})
TEXTCALL = call('{"query": "x"}')


def said(role, content, **more):
    return {"role": role, "content": content, **more}


CONVERSATIONS = {
    "one": [said("user", "What is 2 + 3?")],
    "system": [
        said("system", " Be brief. "),
        said("user", "Hi!"),
        said("assistant", " Hello. "),
        said("user", "Bye\n"),
    ],
    "thoughts": [
        said("user", "1"),
        said("assistant", "<think>\nold\n</think>\n\ntwo"),
        said("user", "3"),
        said("assistant", "<think>\nnew\n</think>\n\nfour"),
    ],
    "reasoning": [said("user", "1"), said("assistant", "two", reasoning_content="\nbecause\n"), said("user", "3")],
    "tool": [
        said("user", "find"),
        said("assistant", "", tool_calls=[CALL]),
        said("tool", "found <it>", tool_call_id="abc123XYZ"),
        said("tool", "and more", tool_call_id="abc123XYZ"),
        said("assistant", "Here."),
        said("user", "thanks"),
    ],
    "call without words": [
        said("user", "find"),
        said("assistant", None, tool_calls=[TEXTCALL]),
        said("tool", "7", tool_call_id="abc123XYZ"),
    ],
    "two users": [said("user", "a"), said("user", "b")],
    "late system": [
        said("user", "a"),
        said("assistant", "b"),
        said("system", "c"),
        said("user", "d"),
    ],
    "parts": [
        said("user", [{"type": "text", "text": "see"}, {"type": "image"}, {"type": "text", "text": "this"}]),
    ],
    "unicode": [
        said("user", "é漢👩‍🚀\u00a0\u2028|\x1f"),
        said("assistant", "\u3000ok\u00a0"),
        said("user", "😀 x! y"),
    ],
    "nobody": [],
}
TEMPLATES = {
    "qwen3.tokenizer_config.json": {},
    "deepseek_v3.tokenizer_config.json": {
        "bos_token": "<｜begin▁of▁sentence｜>",
        "eos_token": "<｜end▁of▁sentence｜>",
    },
    "llama-like.jinja": {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"},
    "mistral-like.jinja": {"bos_token": "<s>", "eos_token": "</s>"},
    "mistral-dated-like.jinja": {"bos_token": "<s>", "eos_token": "</s>"},
    "chatml-tools-like.jinja": {"eos_token": "<|im_end|>"},
    "chatml-like.jinja": {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>"},
    "blocks-like.jinja": {},
}


ONLY = {"builtin_tools": "llama", "enable_thinking": "qwen3", "dated": "llama"}
EXTRAS = (
    {},
    {"add_generation_prompt": True},
    {"tools": TOOLS, "add_generation_prompt": True},
    {"enable_thinking": False, "add_generation_prompt": True},
    {"builtin_tools": ["search", "code_interpreter"]},
    {"tools": TOOLS, "tools_for_user": False, "builtin_tools": ["clock"]},
    {"dated": False},
)


def conversations():
    for name, tokens in TEMPLATES.items():
        for title, messages in CONVERSATIONS.items():
            for extra in EXTRAS:
                if any(key in extra and not name.startswith(family) for key, family in ONLY.items()):
                    continue
                values = {"messages": messages, "tools": None, "documents": None, "add_generation_prompt": False}
                values |= tokens | extra
                dated = values.pop("dated", True)
                text = written(source(name), values, dated)
                yield {"template": name, "title": title, "dated": dated, "values": values, "written": text}


VALUES = {
    "s": " Hello wörld 漢😀 ",
    "w": "one two  three",
    "n": 7,
    "f": 2.5,
    "t": True,
    "none": None,
    "l": [3, 1, 2],
    "e": [],
    "m": {"b": 1, "a": {"x": [1, "y"]}, "items": 5},
    "o": [{"k": "p", "v": 2}, {"k": "q", "v": 1}, {"k": "P"}],
}
LANGUAGE = (DATA / "templates" / "language.txt").read_text().splitlines()


def language():
    for line in LANGUAGE:
        yield {"template": line, "values": VALUES, "written": written(line, VALUES)}
    for text in (
        "{% if t %}\n  x\n{% endif %}\ny",
        "  {% if t %}\n  x\n  {%+ if t %}z\n  {% endif %}{% endif %}\n\n",
        "a\n  {% set q = 1 %}  \n{{ q }}\n",
        "{{ n }}\n{% if t -%}\n  \n b {%- endif %}\n",
        "{%- if t +%}\nx\n{%- endif -%}\n\n c",
        "a {# c #}\n  {# d #}\nb\r\nc\rd\n",
        "{% if t %} {% if n %}\n q {% endif %} {% endif %}",
        "{{ '}}' }}{{ {'a': {'b': 1}}}}",
        "{% raw -%}\n  {{ x }}\n{%- endraw %}\nz",
    ):
        yield {"template": text, "values": VALUES, "written": written(text, VALUES)}


for name, rows in (("conversations", conversations()), ("language", language())):
    with open(DATA / "templates" / f"{name}.jsonl", "w") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
