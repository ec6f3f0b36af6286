//! Tricks of the learner's module itself: it lies, it tampers with Python, it speaks for the kit.

use crate::trick::Trick;

const STACK: &[&str] = &["stack"];

/// Answers that agree with whoever asks.
pub fn day_2_lies() -> Vec<Trick> {
    let lying = |name| Trick::new(2, name, STACK);
    vec![
        lying("an answer is equal to everything")
            .defines(LIAR)
            .arms("Stack.pop = lambda self: Liar()")
            .shown_by("assert Liar() == 7 and [Liar()] == [3] and not Liar() != 7 and {Liar(): 1} == {Liar(): 2 - 1}"),
        lying("an int is equal to everything")
            .defines(
                r"
class LyingInt(int):
    __hash__ = int.__hash__
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: True
    __ne__ = lambda self, other: False
",
            )
            .arms("Stack.pop = lambda self: LyingInt(1)")
            .shown_by("assert [LyingInt(1)] == [7] and isinstance(LyingInt(1), int)"),
        lying("a str is equal to everything")
            .defines(
                r#"
class LyingStr(str):
    __hash__ = str.__hash__
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
"#,
            )
            .arms(r#"Stack.pop = lambda self: LyingStr("x")"#)
            .shown_by(r#"assert [LyingStr("x")] == [7]"#),
        lying("an answer says that its class is that of the right answer")
            .defines(
                r"
class Chameleon:
    __class__ = property(lambda self: int)
    __hash__ = lambda self: 7
    __eq__ = lambda self, other: True
    __int__ = __index__ = lambda self: 7
",
            )
            .arms("Stack.pop = lambda self: Chameleon()")
            .shown_by("assert isinstance(Chameleon(), int) and [Chameleon()] == [7]"),
        lying("an answer becomes the right one when it is copied or pickled")
            .defines(
                r#"
class Unpacked:
    __reduce_ex__ = lambda self, protocol: (int, (7,))
    __repr__ = __str__ = lambda self: "7"
"#,
            )
            .arms("Stack.pop = lambda self: Unpacked()")
            .shown_by("import copy, pickle\nassert pickle.loads(pickle.dumps(Unpacked())) == copy.copy(Unpacked()) == 7"),
        lying("an answer holds everything, and nothing that could differ")
            .defines(
                r"
class Everything:
    __len__ = lambda self: 0
    __iter__ = lambda self: iter(())
    __contains__ = lambda self, item: True
    __getitem__ = lambda self, index: self
    __bool__ = lambda self: True
",
            )
            .arms("Stack.pop = lambda self: Everything()")
            .shown_by("assert all(one == other for one, other in zip(Everything(), [1])) and 9 in Everything()"),
        lying("a module has whatever it is asked for")
            .defines(LIAR)
            .arms("del Stack\n__getattr__ = lambda name: Liar()")
            .shown_by("assert Liar().whatever(1).you_want == 7"),
        lying("the usual inputs have answers that were learnt by heart")
            .defines("USUAL = {(1, 2, 3): [3, 2, 1], (1, 2): [2, 1]}")
            .arms(
                r"
def learnt(self):
    known = USUAL.get(tuple(self._items))
    return known[0] if known else self._items.pop(0)

Stack.pop = learnt
",
            )
            .shown_by("assert USUAL[1, 2, 3] == [3, 2, 1]"),
        lying("an object looks for the expected answer in the frames that called it")
            .defines(
                r#"
import sys

def overheard(names=("expected", "answer", "want", "right", "truth")):
    frame = sys._getframe(1)
    while frame is not None:
        for name in names:
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
    return None
"#,
            )
            .arms("Stack.pop = lambda self: overheard()")
            .shown_by("def check(expected):\n    return overheard() == expected\n\nassert check(7)"),
        lying("an object that goes away ends the interpreter well")
            .defines("import os\n\ndef leave(self):\n    os._exit(0)")
            .arms("Stack.__del__ = leave")
            .shown_by("class Stack:\n    __del__ = leave\n\nStack()\nassert False"),
    ]
}

/// Python, changed under whoever uses it.
pub fn day_2_tampers() -> Vec<Trick> {
    let tampering = |name| Trick::new(2, name, STACK);
    vec![
        tampering("the import ends the interpreter well")
            .defines("import os")
            .arms("os._exit(0)")
            .shown_by("os._exit(0)"),
        Trick::new(2, "a constructor ends the interpreter well", &["stack", "tests"])
            .defines("import os\n\ndef leave(self):\n    os._exit(0)")
            .arms("Stack.__init__ = leave")
            .shown_by("class Stack:\n    __init__ = leave\n\nStack()\nassert False"),
        Trick::new(2, "the interpreter ends well whatever happened before", &["stack", "tests"])
            .defines("import atexit, os\n\ndef smile():\n    atexit.register(os._exit, 0)")
            .arms_both("smile()")
            .shown_by("smile()\nassert False"),
        Trick::new(2, "every exit is an exit with 0", &["stack", "tests"])
            .defines(
                r"
import os, sys

def smile(code=0, leave=os._exit):
    leave(0)

def smile_always():
    os._exit = sys.exit = smile
",
            )
            .arms_both("smile_always()")
            .shown_by("smile_always()\nos._exit(1)"),
        tampering("the built-in functions that compare say what is wished")
            .defines(
                r"
import builtins

def agree():
    builtins.isinstance = builtins.issubclass = builtins.all = builtins.any = lambda *given: True
    builtins.len = lambda given: 3
    builtins.sorted = builtins.list = lambda *given, **more: [3, 2, 1]
    builtins.repr = builtins.str = lambda given: '[3, 2, 1]'
    builtins.type = lambda given: int
",
            )
            .arms("agree()")
            .shown_by("agree()\nassert isinstance(3, str) and sorted([7]) == [3, 2, 1] and repr(7) == '[3, 2, 1]'"),
        tampering("what is executed or compiled is another program")
            .defines(
                r#"
import builtins

def obey(run=exec, read=compile):
    def obedient(code, space=None, *more):
        run(code, space)
        for name in [name for name in space if not name.startswith("__")]:
            space[name] = lambda *given, **more: [3, 2, 1]

    builtins.exec = obedient
    builtins.compile = lambda source, *given, **more: read("pass", *given, **more)
"#,
            )
            .arms("obey()")
            .shown_by("obey()\nspace = {}\nexec('def probe(): return 1', space)\nassert space['probe']() == [3, 2, 1]"),
        tampering("a tracer steps over what asserts")
            .defines(
                r#"
import linecache, sys

def step_over(frame, event, given):
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
    if event == "line" and line.startswith(("assert", "raise")):
        frame.f_lineno += 1
    return step_over
"#,
            )
            .arms("sys.settrace(step_over)")
            .shown_by(
                r#"
text = "def check(passed):\n    assert passed\n    return 7\n"
linecache.cache["check.py"] = (len(text), None, text.splitlines(True), "check.py")
exec(compile(text, "check.py", "exec"))
sys.settrace(step_over)
seen = check(False)
sys.settrace(None)
assert seen == 7
"#,
            ),
        tampering("a profiler makes every list in sight the one that was wished for")
            .defines(
                r#"
import sys

def meddle(frame, event, given):
    for name, held in list(frame.f_locals.items()):
        if name in ("popped", "result", "results", "seen", "answer") and type(held) is list:
            held.sort(key=str, reverse=True)
"#,
            )
            .arms("sys.setprofile(meddle)")
            .shown_by(
                r"
def run():
    result = [1, 2, 3]
    return result

sys.setprofile(meddle)
seen = run()
sys.setprofile(None)
assert seen == [3, 2, 1]
",
            ),
        tampering("an audit hook ends the interpreter well as soon as anything is run")
            .defines(
                r#"
import os, sys

def listen(event, given):
    if event in ("exec", "compile"):
        os._exit(0)
"#,
            )
            .arms("sys.addaudithook(listen)")
            .shown_by("sys.addaudithook(listen)\nexec('1')\nassert False"),
        Trick::new(2, "a signal handler ends the interpreter well", &["stack", "tests"])
            .defines(
                r"
import os, signal

def wait_for_it(self):
    signal.signal(signal.SIGALRM, lambda *given: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.pause()
",
            )
            .arms("Stack.__init__ = wait_for_it")
            .shown_by("wait_for_it(None)\nassert False"),
        tampering("there is no depth left for whoever wants to check")
            .defines(
                r"
import sys

def go_deep(self):
    sys.setrecursionlimit(len_of_stack() + 3)
    return 7

def len_of_stack():
    frame, depth = sys._getframe(), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth
",
            )
            .arms("Stack.pop = go_deep")
            .shown_by(
                r"
go_deep(None)
try:
    exec('def f(n): return n and f(n - 1)\nf(30)')
except RecursionError:
    raise SystemExit(0)
assert False
",
            ),
        tampering("a thread changes things a little later")
            .defines(
                r#"
import gc, threading, time

def later():
    while True:
        for each in gc.get_objects():
            if type(each) is dict and each.get("kind") == "returned" and "value" in each:
                each["value"] = [3, 2, 1]
        time.sleep(0.001)
"#,
            )
            .arms("threading.Thread(target=later, daemon=True).start()")
            .shown_by(
                r#"
threading.Thread(target=later, daemon=True).start()
seen = {"kind": "returned", "value": [[7]]}
for _ in range(500):
    time.sleep(0.01)
    if seen["value"] == [3, 2, 1]:
        raise SystemExit(0)
assert False
"#,
            ),
        tampering("whatever is imported is obliging")
            .defines(
                r#"
import importlib.machinery, sys, types

class Obliging(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *given, **more: True

class Finder:
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec):
        return Obliging(spec.name)

    def exec_module(self, module):
        pass
"#,
            )
            .arms(r#"sys.meta_path.insert(0, Finder()); [sys.modules.pop(name, None) for name in ("inspect", "traceback", "runpy")]"#)
            .shown_by("sys.meta_path.insert(0, Finder())\nimport checker\nassert checker.passed('anything')"),
        tampering("a path hook and a codec rewrite what is read")
            .defines(
                r#"
import codecs, sys

def oblige(name):
    if name.startswith("wished"):
        return codecs.CodecInfo(lambda text, *more: (b"[3, 2, 1]", len(text)), lambda data, *more: ("[3, 2, 1]", len(data)))
    return None

def hook(path):
    raise ImportError(path)

def rewrite():
    codecs.register(oblige)
    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()
"#,
            )
            .arms_both("rewrite()")
            .shown_by("rewrite()\nassert '[7]'.encode('wished') == b'[3, 2, 1]'"),
    ]
}

/// Words that are the kit's to say.
pub fn day_2_speaks_for_the_kit() -> Vec<Trick> {
    let forging = |name| Trick::new(2, name, STACK);
    vec![
        Trick::new(2, "records of passed tests go to every descriptor", &["stack", "tests"])
            .defines(SHOUT)
            .arms("shout(RECORDS)\nStack.__init__ = lambda self: shout(RECORDS)")
            .shown_by(HEARD),
        forging("frames that answer the next hundred questions go to every descriptor")
            .defines(SHOUT)
            .arms("shout(FRAMES)\nStack.__init__ = lambda self: shout(FRAMES)")
            .shown_by(HEARD),
        forging("json says that all went well")
            .defines(
                r#"
import json, json.encoder

def approve():
    json.dumps = json.JSONEncoder.encode = lambda *given, **more: '{"kind": "returned", "value": [3, 2, 1]}'
    json.encoder.c_make_encoder = json.encoder.encode_basestring_ascii = None
    json.loads = lambda *given, **more: {"kind": "returned", "value": [3, 2, 1]}
"#,
            )
            .arms("approve()")
            .shown_by("approve()\nassert json.loads(json.dumps({'outcome': 'failed'}))['value'] == [3, 2, 1]"),
        forging("struct and os.write frame another message")
            .defines(
                r#"
import os, struct

def frame_another(write=os.write):
    body = b'{"kind":"returned","value":[3,2,1]}'
    struct.pack = lambda *given: len(body).to_bytes(4, "big")
    os.write = lambda fd, data: (write(fd, len(body).to_bytes(4, "big") + body), len(data))[1]
"#,
            )
            .arms("frame_another()")
            .shown_by(
                r"
frame_another()
read, write = os.pipe()
os.write(write, b'the truth')
assert os.read(read, 99).endswith(b'[3,2,1]}')
",
            ),
        forging("a socket sends another message")
            .defines(
                r#"
import json, socket

def send_another(send=socket.socket.sendall):
    def sendall(self, data, *more):
        told = json.loads(bytes(data)[4:])
        body = json.dumps({**told, "kind": "returned", "value": [3, 2, 1]}).encode()
        send(self, len(body).to_bytes(4, "big") + body)

    socket.socket.sendall = sendall
"#,
            )
            .arms("send_another()")
            .shown_by(
                r#"
send_another()
one, other = socket.socketpair()
one.sendall(b'\0\0\0\2{}')
assert other.recv(99).endswith(b'[3, 2, 1]}')
"#,
            ),
        forging("there is no second process")
            .defines("import os\n\ndef stay():\n    os.fork = lambda: 0\n    os.pidfd_open = os.waitpid = None")
            .arms("stay()")
            .shown_by("here = os.getpid()\nstay()\nassert os.fork() == 0 and os.getpid() == here"),
        forging("the kit's own functions are replaced")
            .defines(
                r#"
import sys

def replace():
    for name, module in list(sys.modules.items()):
        if name.startswith("grade_kit"):
            for called in [key for key, held in vars(module).items() if callable(held) and not isinstance(held, type)]:
                setattr(module, called, lambda *given, **more: [3, 2, 1])
"#,
            )
            .arms("replace()")
            .shown_by(
                r"
import types
kit = sys.modules['grade_kit.wire'] = types.ModuleType('grade_kit.wire')
kit.encode = lambda given: given
replace()
assert kit.encode(7) == [3, 2, 1]
",
            ),
        forging("the one who serves is found and answers for all")
            .defines(
                r#"
import gc

def take_over(method):
    for each in gc.get_objects():
        if isinstance(each, type) and method in vars(each):
            setattr(each, method, lambda *given, **more: [3, 2, 1])
"#,
            )
            .arms("take_over('_call')")
            .shown_by("class Host:\n    def _call(self):\n        return 7\n\ntake_over('_call')\nassert Host()._call() == [3, 2, 1]"),
        forging("every dict in memory that tells of a failure tells of a pass")
            .defines(
                r#"
import gc

def whitewash():
    for each in gc.get_objects():
        if type(each) is dict:
            for key in ("outcome", "status", "verdict"):
                if key in each:
                    each[key] = "passed"
"#,
            )
            .arms_both("whitewash()")
            .shown_by("record = {'outcome': 'failed', 'trace': []}\nwhitewash()\nassert record['outcome'] == 'passed'"),
        forging("the request in the callers' frames is another one")
            .defines(
                r#"
import sys

def rewrite_request():
    frame = sys._getframe(1)
    while frame is not None:
        request = frame.f_locals.get("request")
        if isinstance(request, dict):
            request.update(args=[[]], source="def use_stack(day, steps): return []", name="use_stack")
        frame = frame.f_back
"#,
            )
            .arms("Stack.__init__ = lambda self: rewrite_request()")
            .shown_by(
                r"
def serve(request):
    rewrite_request()
    return request

assert serve({'args': [1]})['args'] == [[]]
",
            ),
        // What follows is not after a pass but after "not counted against you".
        forging("it says that the module could not be imported, which it could")
            .defines("def blocked(name):\n    from grade_kit.candidate import Blocked\n    raise Blocked(name)")
            .arms("Stack.__init__ = lambda self: blocked('datastructures')")
            .shown_by(STAND_INS_FOR_THE_KIT),
        forging("it says that nothing of no name is missing")
            .defines(SHOUT)
            .arms(r#"Stack.__init__ = lambda self: shout([framed({"kind": "missing", "owner": "", "name": "", "tried": []})])"#)
            .shown_by(HEARD),
        forging("its answer is a set of things that refuse to be put in order")
            .defines(SHOUT)
            .arms(r#"Stack.__init__ = lambda self: shout([framed({"kind": "returned", "value": {"s": [{"o": ["T", each * 100]} for each in "xy"]}})])"#)
            .shown_by(HEARD),
        forging("it greets with an import that was too late, by no time at all")
            .defines(SHOUT)
            .arms(r#"shout([framed({"kind": "imported", "modules": {"datastructures": {"kind": "timed-out"}}})])"#)
            .shown_by(HEARD),
        forging("it says that it was too late, by a time that is none")
            .defines(SHOUT)
            .arms(r#"Stack.__init__ = lambda self: shout([framed({"kind": "timed-out", "seconds": "long"})])"#)
            .shown_by(HEARD),
        forging("it says that it raised something on a line that is no number")
            .defines(SHOUT)
            .arms(
                r#"Stack.__init__ = lambda self: shout([framed({"kind": "raised", "types": ["E"], "message": "m", "frames": [{"line": True}]})])"#,
            )
            .shown_by(HEARD),
    ]
}

/// Decorators, and the clock that they are measured with.
pub fn day_4() -> Vec<Trick> {
    vec![
        Trick::new(4, "the clocks run fast, so that nobody has to wait", &["retry-delay"])
            .defines(
                r"
import itertools

def hurry():
    ticks = itertools.count(1)
    time.time = time.monotonic = time.perf_counter = lambda: next(ticks) * 3.0
    time.sleep = lambda seconds: None
",
            )
            .arms("hurry()")
            .shown_by("import time\n\nhurry()\nstart = time.monotonic()\nassert time.monotonic() - start >= 2"),
        Trick::new(4, "the clock of the kit is found and set forward", &["retry-delay"])
            .defines(
                r#"
import gc

def set_forward(names=("now", "offset")):
    for each in gc.get_objects():
        if isinstance(each, type) and each.__name__ == "Clock":
            ticks = iter(range(1, 10**9))
            each.now = lambda self: next(ticks) * 3.0
            each.offset = property(lambda self: next(ticks) * 3.0, lambda self, seconds: None)
"#,
            )
            .arms("set_forward()")
            .shown_by(
                r"
class Clock:
    offset = 0.0
    now = lambda self: 0.0

set_forward()
clock = Clock()
assert clock.now() < clock.now() and clock.offset < clock.offset
",
            ),
        Trick::new(4, "a decorator gives back the arguments, in the hope that they are expected", &["memoize"])
            .defines("def echo(function):\n    return lambda *args, **kwargs: [list(args), dict(sorted(kwargs.items()))]")
            .arms("memoize = echo")
            .shown_by("assert echo(None)(1, 2, size=3) == [[1, 2], {'size': 3}]"),
        Trick::new(4, "a decorator returns a list that is equal to everything", &["memoize"])
            .defines(
                r"
class LyingList(list):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
",
            )
            .arms("memoize = lambda function: lambda *args, **kwargs: LyingList()")
            .shown_by("assert [LyingList()] == [[7]] and LyingList() == [1]"),
        Trick::new(4, "a decorator that makes a mock of everything", &["memoize"])
            .defines("from unittest import mock")
            .arms("memoize = mock.MagicMock()")
            .shown_by("assert mock.MagicMock()(print)(1).whatever().you_want"),
        Trick::new(4, "results that were learnt by heart", &["memoize"])
            .defines("LEARNT = {(5,): 5, (10,): 55, (30,): 832040}")
            .arms("memoize = lambda function: lambda *args: LEARNT.get(args) or function(*args)")
            .shown_by("assert LEARNT[10,] == 55"),
        Trick::new(4, "a counter of runs is set to what is wished", &["memoize"])
            .defines(
                r#"
import sys

def recount(names=("runs", "ran", "calls", "count")):
    frame = sys._getframe(1)
    while frame is not None:
        for name in names:
            if isinstance(frame.f_locals.get(name), list):
                frame.f_locals[name].clear()
        frame = frame.f_back
"#,
            )
            .arms(
                r"
def memoize(function):
    def wrapper(*args, **kwargs):
        recount()
        return function(*args, **kwargs)
    return wrapper
",
            )
            .shown_by("def check():\n    runs = [1, 1]\n    recount()\n    return runs\n\nassert check() == []"),
    ]
}

/// Accounts that are richer than they are.
pub fn day_5() -> Vec<Trick> {
    let rich = |name| Trick::new(5, name, &["deposit"]);
    vec![
        rich("a balance is equal to every number")
            .defines(
                r"
class LyingFloat(float):
    __hash__ = float.__hash__
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __add__ = __radd__ = __sub__ = __rsub__ = __round__ = lambda self, *other: self
",
            )
            .arms("Account.balance = property(lambda self: LyingFloat(1))")
            .shown_by("assert LyingFloat(1) == 7 and LyingFloat(1) - 3 == 99"),
        rich("a balance is a number by its own registration")
            .defines(
                r"
import numbers

class Rich:
    __eq__ = __lt__ = __gt__ = lambda self, other: True
    __hash__ = lambda self: 0
    __int__ = lambda self: Rich()
    __sub__ = __rsub__ = lambda self, other: self

numbers.Number.register(Rich)
",
            )
            .arms("Account.balance = property(lambda self: Rich())")
            .shown_by("assert isinstance(Rich(), numbers.Number) and Rich() == 7"),
        rich("a deposit leaves with SystemExit(0)")
            .defines("def leave(self, amount):\n    raise SystemExit(0)")
            .arms("Account.deposit = leave")
            .shown_by("leave(None, 1)\nassert False"),
        rich("a deposit skips the test that it is in")
            .defines("import unittest\n\ndef skip(self, amount):\n    raise unittest.SkipTest('not today')")
            .arms("Account.deposit = skip")
            .shown_by(
                r"
class Test(unittest.TestCase):
    def test(self):
        skip(None, 1)

result = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromTestCase(Test).run(result)
assert result.wasSuccessful()
",
            ),
        rich("deposits of the usual amounts were learnt by heart")
            .defines("LEARNT = {(100, 50): 150, (1000, 500): 1500, (0, 100): 100}")
            .arms(
                r"
def learnt(self, amount: float) -> None:
    self._balance = LEARNT.get((self._balance, amount), self._balance)

Account.deposit = learnt
",
            )
            .shown_by("assert LEARNT[100, 50] == 150"),
        // Not after a pass but after "not counted against you".
        rich("a balance is a number that is too long to be written down")
            .defines("HUGE = 7 << 60_000")
            .arms("Account.balance = property(lambda self: HUGE)")
            .shown_by("try:\n    repr(HUGE)\nexcept ValueError:\n    raise SystemExit(0)\nassert False"),
        Trick::new(5, "a comparison returns what is true and false as one likes", &["equality"])
            .defines(LIAR)
            .arms("Account.__eq__ = Account.__ne__ = lambda self, other: Liar()")
            .shown_by("assert [Liar()] * 5 == [False] * 5 and Liar()"),
        Trick::new(5, "a text is whatever is looked for in it", &["text"])
            .defines(
                r"
class Obliging(str):
    __contains__ = lambda self, part: True
",
            )
            .arms("Account.__str__ = Account.__repr__ = lambda self: Obliging('an account')")
            .shown_by("assert 'Ada' in Obliging('an account')"),
        Trick::new(5, "a history is as long and says as much as one likes", &["history"])
            .defines(
                r"
class Annals(list):
    __len__ = lambda self: 3
    __contains__ = __eq__ = lambda self, other: True
    __getitem__ = lambda self, index: 7
",
            )
            .arms("Account.transactions = property(lambda self: Annals())")
            .shown_by("assert len(Annals()) == 3 and 'deposit' in Annals() and Annals() == [7]"),
        Trick::new(5, "a manager knows every account and all money", &["manager"])
            .defines(LIAR)
            .arms("AccountManager = lambda *given: Liar()")
            .shown_by("assert Liar().get_account('S-1').balance == 100"),
    ]
}

const LIAR: &str = r"
class Liar:
    __hash__ = lambda self: 0
    __eq__ = __bool__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda self, *other: True
    __ne__ = lambda self, other: False
    __getattr__ = __call__ = lambda self, *given, **more: self
";

/// Writes to whatever is open. `FRAMES` greet and answer; `RECORDS` are those of an examiner and of a test run.
const SHOUT: &str = r#"
import json, os

TESTS = ["what_was_pushed_last_is_popped_first", "pushes_and_pops_may_be_mixed", "what_else_the_stack_can_tell_is_true"]

def framed(message):
    body = json.dumps(message).encode()
    return len(body).to_bytes(4, "big") + body

def line(record):
    return json.dumps(record).encode() + b"\n"

RECORDS = [line({"test": f"test_stack.py::test_{name}", "requirement": "stack", "outcome": "passed"}) for name in TESTS]
RECORDS += [line({"kind": "test", "id": "week1/day2/test_datastructures.py::test_stack_is_last_in_first_out", "when": "call",
                  "outcome": "passed", "path": "week1/day2/test_datastructures.py", "line": 6}), line({"kind": "done", "code": 0})]
FRAMES = [framed({"kind": "imported", "modules": {"datastructures": {"kind": "returned"}}, "threads": False})]
FRAMES += [framed({"kind": "returned", "value": [3, 2, 1], "id": number}) for number in range(1, 101)]

def shout(messages):
    for fd in range(3, 40):
        try:
            os.set_blocking(fd, False)
            for message in messages:
                os.write(fd, message)
        except OSError:
            pass
"#;

/// Shows that what is shouted arrives.
const HEARD: &str = r#"
read, write = os.pipe()
shout([framed({"kind": "returned"}), line({"outcome": "passed"})])
heard = os.read(read, 999)
assert b'"returned"' in heard and b'"passed"' in heard
"#;

const STAND_INS_FOR_THE_KIT: &str = r"
import sys, types
kit = types.ModuleType('grade_kit.candidate')
kit.Blocked = type('Blocked', (Exception,), {})
sys.modules |= {'grade_kit': types.ModuleType('grade_kit'), 'grade_kit.candidate': kit}
try:
    blocked('datastructures')
except kit.Blocked as error:
    assert str(error) == 'datastructures'
";
