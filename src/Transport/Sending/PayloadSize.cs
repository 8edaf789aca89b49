using SandQueue.Contracts;

namespace SandQueue.Transport.Sending;

/// <summary>What a command or reply will take in a message, roughly: enough to keep messages small, computed without serializing.</summary>
internal static class PayloadSize
{
    /// <summary>Names, ids and numbers of one item.</summary>
    private const int Fixed = 512;

    public static long Of<T>(T item) => Fixed + item switch
    {
        StepInstance step => step.Action.LongLength + step.Params.LongLength,
        CreateInstance create => create.Params.LongLength,
        EvaluateInstance evaluate => evaluate.Messages.LongLength + evaluate.Params.LongLength,
        DescribeInstance describe => describe.Messages.LongLength + describe.Params.LongLength,
        ListTasks list => list.Params.LongLength,
        CommandReply reply => reply.Answer.LongLength + (reply.Detail?.Length ?? 0),
        _ => 0,
    };
}
