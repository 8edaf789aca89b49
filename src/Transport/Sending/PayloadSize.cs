using SandQueue.Contracts;

namespace SandQueue.Transport.Sending;

/// <summary>What a command or reply will take in a message, roughly: enough to keep messages small, computed without serializing.</summary>
internal static class PayloadSize
{
    /// <summary>Names, ids and numbers of one item.</summary>
    private const int Fixed = 512;

    public static long Of<T>(T item) => Fixed + item switch
    {
        StepInstance step => Base64(step.Action) + Base64(step.Params),
        CreateInstance create => Base64(create.Params),
        EvaluateInstance evaluate => Base64(evaluate.Messages) + Base64(evaluate.Params),
        DescribeInstance describe => Base64(describe.Messages) + Base64(describe.Params),
        ListTasks list => Base64(list.Params),
        CommandReply reply => Base64(reply.Answer) + (reply.Detail?.Length ?? 0),
        _ => 0,
    };

    /// <summary>Bytes travel in JSON, as base64: four characters for three bytes.</summary>
    private static long Base64(byte[] bytes) => (bytes.LongLength + 2) / 3 * 4;
}
