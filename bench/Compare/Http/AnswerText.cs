using System.Buffers.Text;
using System.Text;

namespace SandQueue.Bench.Compare.Http;

/// <summary>Finds single members of an answer by their text: parsing it all would cost the load client more than the rest of a call.</summary>
internal static class AnswerText
{
    /// <summary>The number behind the first member of this name, which is given as <c>"name":</c>; null where there is none.</summary>
    public static int? Number(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> member)
    {
        var at = answer.IndexOf(member);
        return at >= 0 && Utf8Parser.TryParse(answer[(at + member.Length)..], out int number, out _) ? number : null;
    }

    /// <summary>The name that a Create gave to its instance.</summary>
    /// <exception cref="InvalidDataException">It gave none.</exception>
    public static string InstanceId(ReadOnlySpan<byte> answer)
    {
        var member = "\"instance_id\":\""u8;
        var at = answer.IndexOf(member);
        if (at < 0) throw new InvalidDataException($"a Create was answered without instance_id: {Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, 300)])}");
        var name = answer[(at + member.Length)..];
        return Encoding.UTF8.GetString(name[..name.IndexOf((byte)'"')]);
    }

    /// <summary>How often a text occurs in an answer.</summary>
    public static int Count(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (int at; (at = answer.IndexOf(text)) >= 0; answer = answer[(at + text.Length)..]) count++;
        return count;
    }
}
