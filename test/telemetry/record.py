"""
Records what a real Python agent sends: a session of livekit-agents without a room and without providers. What it hears,
says and thinks is made up by the fakes below; all else is the package's own. Not run by the tests: they read what it left.

    python3 -m venv /tmp/py && /tmp/py/bin/pip install livekit-agents==1.8.9   # 1.3.1: and opentelemetry-{api,sdk,exporter-otlp}==1.34.1 httpx openai
    /tmp/py/bin/python test/telemetry/record.py test/telemetry/recorded

It lasts about 20 s and writes python-<version>-voice.report.json (the session report) and, where the version can be pointed
at another server (>=1.5.1), python-<version>-voice.requests.json: each upload as it came, its body inflated, in base64.
"""

import asyncio
import base64
import gzip
import inspect
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LLM_DELAY = 0.12
TTS_DELAY = 0.1
STT_DELAY = 0.25  # from the end of the sound to its transcript
SILENCE = 0.4  # after which the voice detection believes the speech is over
RATE = 16000
FRAME = 0.02

requests = []


class Recorder(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        if "chunked" in self.headers.get("transfer-encoding", ""):
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        b64 = base64.b64encode(body).decode()
        requests.append({"method": "POST", "url": self.path, "headers": headers, "b64": b64})
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ.update(
    LIVEKIT_OBSERVABILITY_URL=f"http://127.0.0.1:{server.server_port}",
    LIVEKIT_API_KEY="devkey",
    LIVEKIT_API_SECRET="secret",
)

from livekit import rtc  # noqa: E402
from livekit.agents import Agent, AgentSession, function_tool, llm, stt, tts, vad, version  # noqa: E402
from livekit.agents import job as jobs  # noqa: E402
from livekit.agents.ipc.mock_room import create_mock_room  # noqa: E402
from livekit.agents.llm import ToolError  # noqa: E402
from livekit.agents.utils import http_context  # noqa: E402
from livekit.agents.voice import io  # noqa: E402
from livekit.protocol import agent as agent_proto  # noqa: E402
from livekit.protocol import models  # noqa: E402

# --- what is said: the caller's words, and the agent's for each

ANSWERS = {
    "what is the weather in Paris": ("get_weather", {"city": "Paris"}),
    "book a table for Ana": ("book_table", {"guest": "Ana"}),
    "tell me a long story": "Once upon a time there was a very long story that nobody wished to hear to its end",
    "stop that now please": "All right then",
    "thanks and goodbye": "You are welcome",
}
AFTER = {"get_weather": "It is sunny in Paris", "book_table": "Sorry that failed"}


class FakeLLM(llm.LLM):
    model = "fake-llm-1"
    provider = "fake-brain"

    def chat(self, *, chat_ctx, tools=None, conn_options=llm.llm.DEFAULT_API_CONNECT_OPTIONS, **_):
        return FakeLLMStream(self, chat_ctx=chat_ctx, tools=tools or [], conn_options=conn_options)


class FakeLLMStream(llm.LLMStream):
    async def _run(self):
        last = [item for item in self._chat_ctx.items if item.type in ("message", "function_call_output")][-1]
        await asyncio.sleep(LLM_DELAY)
        said = AFTER[last.name] if last.type == "function_call_output" else ANSWERS[last.text_content]
        if isinstance(said, str):
            delta = llm.ChoiceDelta(role="assistant", content=said)
        else:
            name, arguments = said
            call = llm.FunctionToolCall(name=name, arguments=json.dumps(arguments), call_id=f"call_{name}")
            delta = llm.ChoiceDelta(role="assistant", tool_calls=[call])
        self._event_ch.send_nowait(llm.ChatChunk(id="request", delta=delta))
        usage = llm.CompletionUsage(completion_tokens=7, prompt_tokens=100, prompt_cached_tokens=40, total_tokens=107)
        self._event_ch.send_nowait(llm.ChatChunk(id="request", usage=usage))


class FakeTTS(tts.TTS):
    model = "fake-tts-1"
    provider = "fake-voice"

    def __init__(self):
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=RATE, num_channels=1)

    def synthesize(self, text, *, conn_options=tts.tts.DEFAULT_API_CONNECT_OPTIONS):
        return FakeSpeech(tts=self, input_text=text, conn_options=conn_options)


class FakeSpeech(tts.ChunkedStream):
    async def _run(self, output_emitter):
        await asyncio.sleep(TTS_DELAY)
        output_emitter.initialize(request_id="request", sample_rate=RATE, num_channels=1, mime_type="audio/pcm")
        seconds = len(self._input_text) * 0.05
        output_emitter.push(b"\0\0" * int(seconds * RATE))
        output_emitter.flush()


def is_loud(frame):
    return any(frame.data[:16])


class FakeVAD(vad.VAD):
    def __init__(self):
        super().__init__(capabilities=vad.VADCapabilities(update_interval=FRAME))

    def stream(self):
        return FakeVADStream(self)


class FakeVADStream(vad.VADStream):
    async def _main_task(self):
        speech = silence = 0.0
        speaking = False
        samples = 0

        def send(type, **more):
            self._event_ch.send_nowait(
                vad.VADEvent(
                    type=type,
                    samples_index=samples,
                    timestamp=time.time(),
                    speech_duration=speech,
                    silence_duration=silence,
                    speaking=speaking,
                    **more,
                )
            )

        async for frame in self._input_ch:
            if not isinstance(frame, rtc.AudioFrame):
                continue
            samples += frame.samples_per_channel
            loud = is_loud(frame)
            if loud:
                speech += FRAME
                silence = 0.0
            else:
                silence += FRAME
                if not speaking:
                    speech = 0.0
            send(
                vad.VADEventType.INFERENCE_DONE,
                frames=[frame],
                probability=float(loud),
                raw_accumulated_speech=speech if loud else 0.0,
                raw_accumulated_silence=silence,
            )
            if not speaking and speech >= 0.1:
                speaking = True
                send(vad.VADEventType.START_OF_SPEECH, frames=[frame])
            elif speaking and silence >= SILENCE:
                speaking = False
                send(vad.VADEventType.END_OF_SPEECH, frames=[frame])
                speech = 0.0


class FakeSTT(stt.STT):
    model = "fake-stt-1"
    provider = "fake-ear"
    said = []

    def __init__(self):
        super().__init__(capabilities=stt.STTCapabilities(streaming=True, interim_results=True))

    async def _recognize_impl(self, buffer, **_):
        raise NotImplementedError

    def stream(self, *, conn_options=stt.stt.DEFAULT_API_CONNECT_OPTIONS, **_):
        return FakeSTTStream(stt=self, conn_options=conn_options)


class FakeSTTStream(stt.RecognizeStream):
    async def _run(self):
        loud = silence = 0.0
        async for frame in self._input_ch:
            if not isinstance(frame, rtc.AudioFrame):
                continue
            if is_loud(frame):
                loud, silence = loud + FRAME, 0.0
                continue
            silence += FRAME
            if loud and silence >= STT_DELAY:
                heard = stt.SpeechData(language="en", text=self._stt.said.pop(0), confidence=0.875)
                self._event_ch.send_nowait(stt.SpeechEvent(stt.SpeechEventType.FINAL_TRANSCRIPT, "request", [heard]))
                used = stt.RecognitionUsage(audio_duration=loud)
                self._event_ch.send_nowait(
                    stt.SpeechEvent(stt.SpeechEventType.RECOGNITION_USAGE, "request", recognition_usage=used)
                )
                loud = 0.0


class Microphone(io.AudioInput):
    def __init__(self):
        super().__init__(label="fake")
        self.loud_until = 0.0
        self.next = time.time()

    async def __anext__(self):
        self.next += FRAME
        await asyncio.sleep(max(0, self.next - time.time()))
        count = int(RATE * FRAME)
        sound = (b"\0\x20" if time.time() < self.loud_until else b"\0\0") * count
        return rtc.AudioFrame(sound, RATE, 1, count)

    async def say(self, words, seconds):
        FakeSTT.said.append(words)
        self.loud_until = time.time() + seconds
        await asyncio.sleep(seconds)


class Loudspeaker(io.AudioOutput):
    def __init__(self):
        more = {}
        if hasattr(io, "AudioOutputCapabilities"):
            more["capabilities"] = io.AudioOutputCapabilities(pause=False)
        super().__init__(label="fake", **more)
        self.started = None
        self.pushed = 0.0
        self.end = None

    async def capture_frame(self, frame):
        await super().capture_frame(frame)
        if self.started is None:
            self.started = time.time()
            if hasattr(self, "on_playback_started"):
                self.on_playback_started(created_at=self.started)
        self.pushed += frame.duration

    def flush(self):
        super().flush()
        if self.started is None:
            return
        left = max(0, self.started + self.pushed - time.time())
        self.end = asyncio.get_running_loop().call_later(left, self.finish, False)

    def clear_buffer(self):
        if self.started is None:
            return
        if self.end:
            self.end.cancel()
        self.finish(True)

    def finish(self, interrupted):
        played = min(self.pushed, time.time() - self.started)
        self.started, self.pushed, self.end = None, 0.0, None
        self.on_playback_finished(playback_position=played, interrupted=interrupted)


class WeatherAgent(Agent):
    def __init__(self):
        super().__init__(instructions="be nice to everybody")

    async def on_enter(self):
        self.session.say("Welcome to the weather desk")

    @function_tool
    async def get_weather(self, city: str):
        """The weather of a city."""
        await asyncio.sleep(0.3)
        return f"sunny 20C in {city}"

    @function_tool
    async def book_table(self, guest: str):
        """A table for a guest."""
        await asyncio.sleep(0.1)
        raise ToolError(f"no table for {guest}")


class Nothing:
    async def do_inference(self, method, data):
        raise NotImplementedError


def context():
    room = create_mock_room()
    room.name = "my-room"
    job = agent_proto.Job(
        id="AJ_python",
        room=models.Room(name="my-room", sid="RM_python"),
        type=agent_proto.JobType.JT_ROOM,
        agent_name="weather-desk",
        enable_recording=True,
    )
    info = jobs.RunningJobInfo(
        accept_arguments=jobs.JobAcceptArguments(name="", identity="agent-AJ_python", metadata=""),
        job=job,
        url="ws://127.0.0.1:1",
        token="",
        worker_id="AW_python",
        fake_job=False,
    )
    ctx = jobs.JobContext(
        proc=jobs.JobProcess(executor_type=jobs.JobExecutorType.PROCESS, user_arguments=None, http_proxy=None),
        info=info,
        room=room,
        on_connect=lambda: None,
        on_shutdown=lambda reason: None,
        inference_executor=Nothing(),
    )
    ctx._connected = True
    return ctx


async def main(folder):
    ctx = context()
    jobs._JobContextVar.set(ctx)
    http_context._new_session_ctx()
    uploads = hasattr(jobs, "_observability_url")
    for prepare in ("_on_setup", "_start_log_buffering", "_prepare_telemetry"):
        if hasattr(ctx, prepare):
            getattr(ctx, prepare)()
    session = AgentSession(llm=FakeLLM(), tts=FakeTTS(), stt=FakeSTT(), vad=FakeVAD(), turn_detection="vad")
    microphone = session.input.audio = Microphone()
    session.output.audio = Loudspeaker()

    async def quiet():
        """Until the agent has answered."""
        await asyncio.sleep(1.2)
        while session.agent_state != "listening" or session.current_speech:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)

    record = {"audio": False} if uploads else False
    await session.start(WeatherAgent(), record=record)
    await quiet()
    await microphone.say("what is the weather in Paris", 1.0)
    await quiet()
    await microphone.say("book a table for Ana", 0.8)
    await quiet()
    await microphone.say("tell me a long story", 0.9)
    await asyncio.sleep(2.5)  # it tells its story by now: and is cut off
    await microphone.say("stop that now please", 1.1)
    await quiet()
    await session.generate_reply(user_input="thanks and goodbye")  # written, not spoken
    await quiet()
    if hasattr(ctx, "tagger"):
        ctx.tagger.add("language:en")
        ctx.tagger.add("appointment:none", metadata={"guest": "Ana"})
        ctx.tagger.success(reason="the caller was happy")
    await session.aclose()
    name = os.path.join(folder, f"python-{version.__version__}-voice")
    with open(f"{name}.report.json", "w") as file:
        json.dump(ctx.make_session_report().to_dict(), file, default=str)
        file.write("\n")
    if not uploads:
        return
    await ctx._on_session_end()
    done = ctx._on_cleanup()
    if inspect.isawaitable(done):
        await done
    await asyncio.sleep(1)
    await http_context._close_http_ctx()
    with open(f"{name}.requests.json", "w") as file:
        json.dump(requests, file, indent=1)
        file.write("\n")


asyncio.run(main(sys.argv[1]))
os._exit(0)  # its exporters keep threads
