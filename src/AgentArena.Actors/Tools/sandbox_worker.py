# The inside of the sandbox: process 1 of its own namespace. Reads framed requests, forks one child a check, limits, watches,
# kills and reaps it, answers. Trusts nothing a child says: what it wrote is passed on as bytes. Knows neither answers nor games.
import ast, collections, ctypes, decimal, fractions, gc, json, os, platform, resource, select, signal, struct, sys, time, types, warnings
import base64, bisect, cmath, copy, dataclasses, enum, functools, heapq, itertools, math, numbers, operator, re, string, textwrap, typing, zlib

OK, ERROR, TIMEOUT, MEMORY, OUTPUT, KILLED, REJECTED = range(7)   # twin of CallStatus
NO_MEMORY_EXIT, NO_SECCOMP_EXIT = 77, 78
MAX_DEPTH, MAX_PRINTED = 100, 1 << 16

# ---- system call filter: what a computation needs, read-only files for imports, nothing else (EPERM) ----
ALLOWED = {
    "x86_64": (0xC000003E, [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 23, 24, 25, 28, 32, 33, 35, 39, 60, 63, 72,
                            78, 79, 89, 96, 97, 98, 99, 102, 104, 107, 108, 110, 131, 186, 201, 202, 217, 228, 229, 230, 231, 257, 262, 267, 269, 270, 271,
                            309, 318, 332, 334, 439]),
    "aarch64": (0xC00000B7, [17, 23, 24, 25, 29, 48, 56, 57, 61, 62, 63, 64, 65, 66, 67, 72, 73, 78, 79, 80, 93, 94, 96, 98, 99, 101, 113, 114, 115,
                             124, 132, 134, 135, 139, 160, 163, 165, 169, 172, 173, 174, 175, 176, 177, 178, 179, 214, 215, 216, 222, 226, 233,
                             168, 278, 291, 293, 439]),
}

def build_filter():
    arch, calls = ALLOWED[platform.machine()]
    load, equal, over, ret = 0x20, 0x15, 0x35, 0x06
    deny = 0x00050001                                              # SECCOMP_RET_ERRNO | EPERM
    code = [(load, 0, 0, 4), (equal, 1, 0, arch), (ret, 0, 0, deny), (load, 0, 0, 0)]
    if arch == 0xC000003E:
        code += [(over, 0, 1, 0x40000000), (ret, 0, 0, deny)]      # no x32 calls
    for number in calls:
        code += [(equal, 0, 1, number), (ret, 0, 0, 0x7FFF0000)]
    code.append((ret, 0, 0, deny))
    return len(code), ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *line) for line in code))

class FilterProgram(ctypes.Structure):
    _fields_ = [("count", ctypes.c_ushort), ("code", ctypes.c_void_p)]

libc = ctypes.CDLL(None, use_errno=True)
libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
filter_length, filter_code = build_filter()
filter_program = FilterProgram(filter_length, ctypes.addressof(filter_code))
filter_address = ctypes.addressof(filter_program)

def lock_down():
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, filter_address, 0, 0):   # no new privileges; filter
        os._exit(NO_SECCOMP_EXIT)

# ---- the scan: which programs and inputs are run at all ----
class Refused(Exception):
    pass

def dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id] + parts[::-1])

def banned_in(name, banned):
    return next((b for b in banned if name == b or name.startswith(b + ".")), None)

def scan(tree, entry, rules):
    banned, functions = rules["banned"], []
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [str(node.module)] + ["%s.%s" % (node.module, alias.name) for alias in node.names]
        elif isinstance(node, ast.Attribute):
            names = [dotted(node) or ""]
            if names[0].partition(".")[0] not in ("os", "sys"):
                names = []
        elif isinstance(node, ast.Raise) and not rules["raise"]:
            raise Refused("line %d: 'raise' is not allowed." % node.lineno)
        for name in names:
            if hit := banned_in(name, banned):
                raise Refused("line %d: '%s' is not allowed." % (node.lineno, hit))
    functions = [n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    if rules["single"] and len(functions) > 1:
        raise Refused("It defines %d functions (%s); one is allowed." % (len(functions), ", ".join(functions[:5])))
    if entry not in functions:
        raise Refused("It defines no function '%s' at the top level." % entry)

SAFE_NAMES = {"abs", "all", "any", "bin", "bool", "bytearray", "bytes", "chr", "complex", "dict", "divmod", "enumerate", "filter", "float",
              "frozenset", "hex", "int", "len", "list", "map", "max", "min", "oct", "ord", "pow", "range", "repr", "reversed", "round",
              "set", "slice", "sorted", "str", "sum", "tuple", "zip"}
EXTRA = {"deque": collections.deque, "Counter": collections.Counter, "OrderedDict": collections.OrderedDict, "defaultdict": collections.defaultdict,
         "Decimal": decimal.Decimal, "Fraction": fractions.Fraction, "inf": math.inf, "nan": math.nan}
SAFE_METHODS = {m for t in (str, bytes, list, tuple, dict, set, frozenset, int, float, complex, range) for m in dir(t)
                if not m.startswith("_")} - {"format", "format_map"}
PLAIN_NODES = (ast.Expression, ast.Call, ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare,
               ast.IfExp, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Starred, ast.keyword, ast.ListComp, ast.SetComp, ast.DictComp,
               ast.GeneratorExp, ast.comprehension, ast.Lambda, ast.arguments, ast.arg, ast.JoinedStr, ast.FormattedValue,
               ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)

def defined_by(tree):
    """Names that a program gives meaning to at its top level: functions, classes, variables. What it imports is not its own."""
    names = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        else:
            names |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return names

def plain_expression(tree, entry, own):
    """An input may compute, but only from values and what the program defines: no look at frames, globals or modules, so it cannot bend what it is given to."""
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)} | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    for node in ast.walk(tree):
        if not isinstance(node, PLAIN_NODES):
            raise Refused("The input holds a '%s'; an input is a plain expression." % type(node).__name__)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in bound and node.id not in SAFE_NAMES and node.id not in EXTRA and node.id != entry and node.id not in own:
            raise Refused("The input names '%s'; an input may use literals, plain built-ins and what the program defines." % node.id[:80])
        if isinstance(node, ast.Attribute) and node.attr not in SAFE_METHODS:
            raise Refused("The input reads '.%s'; an input may call methods of strings, numbers and collections only." % node.attr[:80])

def compile_input(text, entry, own):
    """The expression and its arguments: 'entry(text)' must parse as exactly one call of entry, so a text cannot close the call."""
    source = "%s(%s\n)" % (entry or "_", text)
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as fault:
        raise Refused("The input is not a Python expression: %s." % str(fault)[:120])
    call = tree.body
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == (entry or "_") and call.end_col_offset == 1 and call.end_lineno == source.count("\n") + 1):
        raise Refused("The input is not a list of arguments.")
    plain_expression(ast.Expression(ast.Tuple([k for a in call.args + call.keywords for k in ast.iter_child_nodes(a)] + call.args, ast.Load())), entry, own)
    call.func = ast.copy_location(ast.Name("__pack__", ast.Load()), call.func)
    return compile(tree, "<input>", "eval")

# ---- values: the text of a plain value, exact built-in types only ----
class NotPlain(Exception):
    pass

class TooLong(Exception):
    pass

bases_of = type.__dict__["__mro__"].__get__        # the slot itself, whatever a metaclass says

def text_of(value, limit):
    room = [limit]
    def put(text):
        room[0] -= len(text)
        if room[0] < 0:
            raise TooLong
        return text
    def many(items, depth):
        return ", ".join([show(item, depth + 1) for item in items])
    def show(v, depth):
        if depth > MAX_DEPTH:
            raise NotPlain("It is nested deeper than %d levels, or holds itself." % MAX_DEPTH)
        kind = next((k for k in bases_of(type(v)) if k in SHOWN), None)
        if kind is None:
            raise NotPlain("A value of type '%s' cannot be compared by value." % str(type.__getattribute__(type(v), "__name__"))[:60])
        if kind is type(None) or kind is bool:
            return put(repr(v))
        if kind is int:
            v = int.__add__(v, 0)
            if v.bit_length() > limit * 4:
                raise TooLong
            return put(int.__repr__(v))
        if kind in (float, complex, str, bytes, fractions.Fraction, decimal.Decimal):
            if kind in (str, bytes) and kind.__len__(v) > limit:
                raise TooLong
            return put(kind.__repr__(v))
        if kind is bytearray:
            return put(bytes.__repr__(bytes(v)))
        if kind is range:
            return put(range.__repr__(v))
        put("[]")
        if kind is list:
            return "[" + many(list.__iter__(v), depth) + "]"
        if kind is tuple:
            return "(" + many(tuple.__iter__(v), depth) + (",)" if tuple.__len__(v) == 1 else ")")
        if kind is dict:
            return "{" + ", ".join([show(k, depth + 1) + ": " + show(x, depth + 1) for k, x in dict.items(v)]) + "}"
        if kind is collections.deque:
            return put("deque(") + "[" + many(collections.deque.__iter__(v), depth) + "])"
        items = sorted([show(item, depth + 1) for item in kind.__iter__(v)])    # sets: the order of their texts
        room[0] -= 2 * len(items)
        if room[0] < 0:
            raise TooLong
        if kind is ITEMS:                                           # its pairs may hold what no set can
            return put("dict_items(") + "[" + ", ".join(items) + "])"
        return "{" + ", ".join(items) + "}" if items else put("set()")
    return show(value, 0)

SHOWN = {type(None), bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, collections.deque,
         fractions.Fraction, decimal.Decimal, type({}.keys()), type({}.items())}
ITEMS = type({}.items())

# ---- the child ----
def tell(index, status, first, second=""):
    first, second = first.encode("utf-8", "backslashreplace"), second.encode("utf-8", "backslashreplace")
    frame = struct.pack("<IBII", index, status, len(first), len(second)) + first + second
    while frame:
        frame = frame[os.write(3, frame):]

def words_of(fault):
    try:
        return type.__getattribute__(type(fault), "__name__")[:100], str(fault)[:300]
    except BaseException:
        return "Exception", ""

def attempt(index, work, limit):
    try:
        tell(index, OK, text_of(work(), limit))
    except Refused as fault:
        tell(index, REJECTED, "", str(fault))
    except NotPlain as fault:
        tell(index, REJECTED, "", str(fault))
    except TooLong:
        tell(index, OUTPUT, "", "The value's text is longer than %d characters." % limit)
    except MemoryError:
        tell(index, MEMORY, "", "It needed more memory than allowed.")
    except BaseException as fault:
        tell(index, ERROR, *words_of(fault))

def pack(*args, **named):
    return args, named

def confine(limits):
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"] + base_memory,) * 2)
    seconds = int(limits["cpu"]) + 2
    for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 32), (resource.RLIMIT_NPROC, 0)):
        resource.setrlimit(what, (most, most))
    lock_down()

def serve(request):
    order, limits, entry = request["order"], request["limits"], request["entry"]
    sys.stdout = sys.stderr = printer
    space = types.ModuleType("program")
    sys.modules["program"] = space
    own = set()
    try:
        if entry:
            tree = ast.parse(request["program"])
            scan(tree, entry, request["rules"])
            own = {name for name in defined_by(tree) if not name.startswith("__")} if request["names"] else set()
            exec(compile(tree, "<program>", "exec"), space.__dict__)
        function = getattr(space, entry) if entry else lambda value, *more: (value, *more) if more else value
        if not callable(function):
            raise Refused("'%s' is not a function." % entry)
    except Refused as fault:
        return [tell(i, REJECTED, "", str(fault)) for i in order]
    except (SyntaxError, ValueError, RecursionError) as fault:
        if "tree" in locals():
            return [tell(i, ERROR, *words_of(fault)) for i in order]
        return [tell(i, REJECTED, "", "The program is not Python: %s." % words_of(fault)[1]) for i in order]
    except MemoryError:
        return [tell(i, MEMORY, "", "It needed more memory than allowed.") for i in order]
    except BaseException as fault:
        return [tell(i, ERROR, *words_of(fault)) for i in order]
    for i in order:
        def work():
            space_of_input = {"__pack__": pack, **EXTRA}
            if entry:
                space_of_input.update((name, value) for name, value in space.__dict__.items() if name in own)
                space_of_input[entry] = function
            code = compile_input(request["inputs"][i], entry, own)
            args, named = eval(code, space_of_input)
            return function(*args, **named)
        attempt(i, work, limits["output"])
    sys.stdout.flush()

# ---- the watch ----
def read_exactly(count):
    pieces = []
    while count:
        piece = os.read(0, min(count, 1 << 16))
        if not piece:
            os._exit(0)                                            # the host is gone
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)

def write_all(data):
    view = memoryview(data)
    while view:
        view = view[os.write(1, view):]

def check(request):
    limits = request["limits"]
    result_out, result_in = os.pipe()
    print_out, print_in = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(null, 0)
            spare = os.dup(print_in) if print_in == 3 else print_in
            os.dup2(result_in, 3)
            os.dup2(spare, 1)
            os.dup2(spare, 2)
            os.closerange(4, 64)
            confine(limits)
            serve(request)
            os._exit(0)
        except MemoryError:
            os._exit(NO_MEMORY_EXIT)
        finally:
            os._exit(70)
    os.close(result_in)
    os.close(print_in)
    gone = os.pidfd_open(pid)
    poll = select.poll()
    for end in (result_out, print_out, gone):
        poll.register(end, select.POLLIN)
        os.set_blocking(end, False)
    poll.register(0, select.POLLHUP)
    clock = (~pid) << 3 | 2
    stop = time.monotonic() + limits["wall"]
    results, printed, ending = [], [], "exit"
    result_room, print_room = request["room"], limits["printed"]
    def take(end, into, room):
        while True:
            try:
                piece = os.read(end, 1 << 16)
            except BlockingIOError:
                return room
            if not piece:
                poll.unregister(end)
                return room
            room -= len(piece)
            into.append(piece)
            if room < 0:
                return room
    over = False
    while not over:
        left = stop - time.monotonic()
        try:
            cpu_left = limits["cpu"] - time.clock_gettime(clock)
        except OSError:
            cpu_left = left
        if left <= 0 or cpu_left <= 0:
            ending = "wall" if left <= 0 else "cpu"
            break
        for end, event in poll.poll(max(1, int(min(left, cpu_left) * 1000) + 1)):
            if end == gone:
                over = True
            elif end == result_out:
                if (result_room := take(end, results, result_room)) < 0:
                    ending, over = "flood", True
            elif end == print_out:
                if (print_room := take(end, printed, print_room)) < 0:
                    ending, over = "printed", True
            elif event & (select.POLLHUP | select.POLLERR):
                os._exit(0)
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass
    _, status, usage = os.wait4(pid, 0)
    while True:                                                    # nothing else should be here; if it is, it is reaped
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    if ending == "exit":
        for end, into, room in ((result_out, results, result_room), (print_out, printed, print_room)):
            try:
                take(end, into, room)
            except (KeyError, OSError):
                pass
    for end in (result_out, print_out, gone):
        os.close(end)
    signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
    head = json.dumps({"ending": ending, "signal": signalled, "code": code, "cpu": usage.ru_utime + usage.ru_stime}).encode()
    return head, b"".join(results)[:request["room"]], b"".join(printed)[:MAX_PRINTED]

def answer(*parts):
    write_all(struct.pack("<I", len(parts)) + b"".join(struct.pack("<I", len(p)) + p for p in parts))

def filter_holds():
    pid = os.fork()
    if pid == 0:
        lock_down()
        try:
            os.fork()
        except OSError:
            os._exit(0)
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0

sys.path[:] = [p for p in sys.path if p]
sys.dont_write_bytecode = True
sys.set_int_max_str_digits(0) if hasattr(sys, "set_int_max_str_digits") else None
warnings.simplefilter("ignore")
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)                          # process 1: signals without a handler do not reach it
null = os.open("/dev/null", os.O_RDWR)
printer = open(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)   # written by children alone
base_memory = 64 << 20
try:
    holds = os.getpid() == 1 and filter_holds()                    # process 1: the walls are there
    answer(json.dumps({"python": platform.python_version(), "pid": os.getpid(), "filter": holds, "uid": os.getuid()}).encode())
except (KeyError, OSError) as fault:
    answer(json.dumps({"python": platform.python_version(), "pid": os.getpid(), "filter": False, "fault": str(fault)}).encode())
    holds = False
if not holds:
    os._exit(1)                                                    # never a check without walls: the watch kills by "all processes"
# What a first check would set up (parser tables, method caches) is set up once, here, so that children share its pages.
os.dup2(null, 3)
for _ in range(3):
    serve({"program": "import math\ndef f(x, *, y=2):\n    return [str(x) for _ in range(y)], {x: 1.5}, f'{x}'", "entry": "f", "names": True, "inputs": ["'a', y=1"], "order": [0],
           "limits": {"output": 1000}, "rules": {"banned": ["random"], "single": True, "raise": False}})
sys.stdout = sys.__stdout__
sys.modules.pop("program")
gc.collect()
gc.freeze()
gc.disable()
while True:
    size, = struct.unpack("<I", read_exactly(4))
    answer(*check(json.loads(read_exactly(size))))
