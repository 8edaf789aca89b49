using System.Text;
using CsCheck;
using SandQueue.Storage.Payloads;

namespace SandQueue.Storage.Tests.Payloads;

public sealed class PackedPayloadTests
{
    [Fact]
    public void What_is_packed_comes_out_byte_for_byte() => Gen.OneOf(
            Gen.Byte.Array[0, 3_000],
            Gen.Byte[0, 3].Array[0, 40_000],
            Gen.Byte.Array[0, 2_000].Select(rest => (byte[])[0, (byte)'s', (byte)'q', .. rest]),
            Gen.Byte.Array[0, 5].Select(rest => (byte[])[0, (byte)'s', (byte)'q', 1, .. rest]))
        .Sample(payload => PackedPayload.Unpack(PackedPayload.Pack(payload)).AsSpan().SequenceEqual(payload));

    [Theory]
    [InlineData(PackedPayload.Shortest)]
    [InlineData(PackedPayload.Longest)]
    public void A_long_text_is_stored_shorter(int length)
    {
        var payload = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, length).Select(number => $"{{\"product\": {number}}}")))[..length];

        PackedPayload.Pack(payload).Length.ShouldBeLessThan(length / 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(PackedPayload.Shortest - 1)]
    [InlineData(PackedPayload.Longest + 1)]
    public void What_is_short_or_very_long_is_stored_as_it_is(int length)
    {
        var payload = new byte[length];
        Array.Fill(payload, (byte)'a');

        PackedPayload.Pack(payload).ShouldBeSameAs(payload);
    }

    [Fact]
    public void What_does_not_get_shorter_is_stored_as_it_is()
    {
        var payload = new byte[2_000];
        new Random(1).NextBytes(payload);

        PackedPayload.Pack(payload).ShouldBeSameAs(payload);
    }

    [Fact]
    public void Damaged_bytes_are_said_to_be()
    {
        var stored = PackedPayload.Pack(Encoding.UTF8.GetBytes(new string('a', 2_000)));

        foreach (var damaged in (byte[][])[stored[..^1], stored[..6], [.. stored[..3], 7, .. stored[4..]], [.. stored[..4], 255, 255, 255, 127, .. stored[8..]]])
        {
            Should.Throw<InvalidDataException>(() => PackedPayload.Unpack(damaged));
        }
    }
}
