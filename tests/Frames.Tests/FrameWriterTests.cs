using System.Buffers;

namespace SandQueue.Frames.Tests;

public sealed class FrameWriterTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly HeldStream _stream = new();
    private readonly FrameWriter _writer;

    public FrameWriterTests() => _writer = new FrameWriter(_stream, _ => { });

    public void Dispose() => _stream.Dispose();

    [Fact]
    public async Task A_short_frame_passes_a_long_body()
    {
        var large = Body(300_000);
        _writer.Write(new Frame(1, 200, large), alone: true);
        await _stream.WaitForWriteAsync();
        _writer.Write(new Frame(2, 200, Body(10)), alone: false);

        var read = await ReadAsync(6);

        read[1].Call.ShouldBe(2u);
        Joined(read, 1).ShouldBe(large);
    }

    [Fact]
    public async Task Long_bodies_take_turns()
    {
        var (one, other) = (Body(300_000), Body(200_000));
        _writer.Write(new Frame(1, 200, one), alone: true);
        await _stream.WaitForWriteAsync();
        _writer.Write(new Frame(2, 400, other), alone: false);

        var read = await ReadAsync(5 + 4);

        read.Select(frame => frame.Call).ShouldBe([1, 1, 2, 1, 2, 1, 2, 1, 2]);
        Joined(read, 1).ShouldBe(one);
        Joined(read, 2).ShouldBe(other);
        read.Where(frame => !frame.IsPart).Select(frame => frame.Code).ShouldBe([(ushort)200, (ushort)400]);
    }

    [Fact]
    public async Task What_gives_a_long_call_up_comes_behind_it()
    {
        _writer.Write(new Frame(1, (ushort)Verb.Step, Body(200_000)), alone: true);
        await _stream.WaitForWriteAsync();
        _writer.Write(new Frame(1, (ushort)Verb.GiveUp, default), alone: true);

        var read = await ReadAsync(5);

        read.Select(frame => (frame.Code, frame.Body.Length)).Last().ShouldBe(((ushort)Verb.GiveUp, 0));
    }

    [Theory]
    [InlineData(Frame.PartBytes, 1)]
    [InlineData(Frame.PartBytes + 1, 2)]
    public async Task A_body_up_to_a_part_travels_whole(int length, int frames)
    {
        var body = Body(length);
        _writer.Write(new Frame(1, 200, body), alone: true);
        Joined(await ReadAsync(frames), 1).ShouldBe(body);
    }

    private static byte[] Body(int length)
    {
        var body = new byte[length];
        new Random(length).NextBytes(body);
        return body;
    }

    private static byte[] Joined(IEnumerable<Frame> frames, uint call) => [.. frames.Where(frame => frame.Call == call).SelectMany(frame => frame.Body.ToArray())];

    private async Task<List<Frame>> ReadAsync(int count)
    {
        var reader = new FrameReader(int.MaxValue);
        List<Frame> read = [];
        var bytes = new ReadOnlySequence<byte>();
        while (read.Count < count)
        {
            bytes = new ReadOnlySequence<byte>([.. bytes.ToArray(), .. await _stream.NextAsync()]);
            while (reader.TryRead(ref bytes, out var frame)) read.Add(frame);
        }

        (read.Count, bytes.Length).ShouldBe((count, 0L));
        return read;
    }

    /// <summary>A connection whose every write waits until it is asked for.</summary>
    private sealed class HeldStream : MemoryStream
    {
        private readonly SemaphoreSlim _begun = new(0);
        private readonly SemaphoreSlim _may = new(0);
        private byte[] _last = [];
        private bool _isSeen;

        public async Task WaitForWriteAsync()
        {
            if (!await _begun.WaitAsync(Limit)) throw new TimeoutException("nothing was written");
            _isSeen = true;
        }

        public async Task<byte[]> NextAsync()
        {
            if (!_isSeen) await WaitForWriteAsync();
            var written = _last;
            _isSeen = false;
            _may.Release();
            return written;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _last = buffer.ToArray();
            _begun.Release();
            if (!await _may.WaitAsync(Limit, CancellationToken.None)) throw new IOException("nobody reads");
        }

        protected override void Dispose(bool disposing)
        {
            _begun.Dispose();
            _may.Dispose();
            base.Dispose(disposing);
        }
    }
}
