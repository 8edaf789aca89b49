using System.Buffers;
using CsCheck;

namespace SandQueue.Frames.Tests;

public sealed class FrameReaderTests
{
    private const int Most = 300_000;

    [Fact]
    public void What_was_written_is_read_however_it_is_split() => Gen.Select(FramesOf(0, 40).Array[0, 20], Gen.Int[1, 60]).Sample(ReadsAll);

    [Fact]
    public void Long_bodies_are_read_too() => Gen.Select(FramesOf(65_500, 65_600).Array[1, 3], Gen.Int[5_000, 140_000]).Sample(ReadsAll, iter: 100);

    private static Gen<Frame> FramesOf(int shortest, int longest) =>
        Gen.Select(Gen.UInt, Gen.UShort, Gen.Byte.Array[shortest, longest], (call, code, body) => new Frame(call, code, body));

    private static void ReadsAll(Frame[] frames, int part)
    {
        var bytes = Written(frames);
        var reader = new FrameReader(Most);
        List<Frame> read = [];
        var waiting = Array.Empty<byte>();
        foreach (var chunk in bytes.Chunk(part))
        {
            // As a pipe gives it: what is left over and what has come are pieces of one sequence.
            var buffer = Sequence(waiting, chunk);
            while (reader.TryRead(ref buffer, out var frame)) read.Add(frame);
            waiting = buffer.ToArray();
        }

        waiting.ShouldBeEmpty();
        Shown(read).ShouldBe(Shown(frames));
    }

    [Fact]
    public void Many_in_one_read_are_read_at_once_and_half_of_one_waits()
    {
        var bytes = Written([new Frame(1, 2, "one"u8.ToArray()), new Frame(2, 2, default), new Frame(3, 2, "three"u8.ToArray())]);
        var buffer = new ReadOnlySequence<byte>(bytes.AsMemory(0, bytes.Length - 1));
        var reader = new FrameReader(Most);

        reader.TryRead(ref buffer, out var first).ShouldBeTrue();
        reader.TryRead(ref buffer, out var second).ShouldBeTrue();
        reader.TryRead(ref buffer, out _).ShouldBeFalse();

        (first.Call, second.Call, buffer.Length).ShouldBe((1u, 2u, 4 + 6 + 4L));
    }

    [Theory]
    [InlineData(0u, "the shortest has 6")]
    [InlineData(5u, "the shortest has 6")]
    [InlineData(1007u, "a frame with a body of 1001 bytes came; 1000 are the most")]
    [InlineData(uint.MaxValue, "1000 are the most")]
    public void A_length_that_cannot_be_is_told_before_anything_else_has_come(uint length, string said)
    {
        var buffer = new ReadOnlySequence<byte>(BitConverter.GetBytes(length));
        var reader = new FrameReader(1000);
        Should.Throw<InvalidDataException>(() => reader.TryRead(ref buffer, out _)).Message.ShouldContain(said);
    }

    [Fact]
    public void Any_bytes_are_frames_or_an_error() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        var reader = new FrameReader(64);
        try
        {
            while (reader.TryRead(ref buffer, out var frame)) frame.Body.Length.ShouldBeLessThanOrEqualTo(64);
        }
        catch (InvalidDataException exception)
        {
            exception.Message.ShouldNotBeEmpty();
        }
    });

    private static byte[] Written(Frame[] frames)
    {
        var waiting = new WaitingFrames();
        foreach (var frame in frames) waiting.Add(frame);
        using var stream = new MemoryStream();
        waiting.WriteToAsync(stream, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        waiting.IsEmpty.ShouldBeTrue();
        return stream.ToArray();
    }

    private static IEnumerable<string> Shown(IEnumerable<Frame> frames) => frames.Select(frame => $"{frame.Call} {frame.Code} {Convert.ToHexString(frame.Body.Span)}");

    private static ReadOnlySequence<byte> Sequence(byte[] first, byte[] second)
    {
        var start = new Segment(first);
        var end = start.Append(second);
        return new ReadOnlySequence<byte>(start, 0, end, second.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes) => Memory = bytes;

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
