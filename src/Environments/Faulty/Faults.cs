using System.Diagnostics;
using System.Globalization;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Faulty;

/// <summary>Carries out the actions of one instance. What they leave behind is here.</summary>
internal sealed class Faults(OnceMarks marks, SeededRandom random, Action endProcess)
{
    private const int Megabyte = 1024 * 1024;
    private readonly List<byte[]> _eaten = [];
    private long _eatenBytes;

    /// <summary>From now on an evaluation fails.</summary>
    public bool EvaluateFails { get; private set; }

    /// <summary>From now on the release fails.</summary>
    public bool ReleaseFails { get; private set; }

    /// <param name="action">The name of an action and what it takes, with one space between.</param>
    /// <param name="counted">What <c>count</c> shows.</param>
    /// <param name="cancel">Ends what lasts.</param>
    public StepResult Carry(string action, string counted, CancellationToken cancel)
    {
        try
        {
            return CarryOut(action, counted, cancel);
        }
        catch (FormatException exception)
        {
            return new StepResult(exception.Message);
        }
    }

    private StepResult CarryOut(string action, string counted, CancellationToken cancel)
    {
        var space = action.IndexOf(' ', StringComparison.Ordinal);
        var (name, rest) = space < 0 ? (action.Trim(), "") : (action[..space], action[(space + 1)..]);
        return name switch
        {
            "echo" => new StepResult(rest),
            "count" => new StepResult(counted),
            "roll" => new StepResult(random.Below(1_000_000).ToString(CultureInfo.InvariantCulture)),
            "reward" => new StepResult($"reward {rest}", Reward(rest)),
            "end" => new StepResult("ended") { EndReason = rest.Length > 0 ? rest : "ended" },
            "differ" => new StepResult(Guid.NewGuid().ToString("N")),
            "nul" => new StepResult("before\0after"),
            "surrogate" => new StepResult("before\uD800after"),
            "big" => new StepResult(new string('x', Quantity.Bytes(rest))),
            "slow" => Slow(rest, cancel),
            "hang" => Hang(rest, cancel),
            "hang-once" => marks.IsFirst(rest) ? Hang("", cancel) : new StepResult($"hung before: {rest}"),
            "ignore-cancellation" => Hang(rest, CancellationToken.None),
            "eat" => Eat(Quantity.Bytes(rest)),
            "crash" => Crash(),
            "crash-once" => marks.IsFirst(rest) ? Crash() : new StepResult($"crashed before: {rest}"),
            "throw" => throw new InvalidOperationException("the action asked for this exception"),
            "refuse" => throw new InvalidRequestException("the action asked to be refused"),
            "fail-evaluate" => Set(() => EvaluateFails = true, "evaluations fail from now on"),
            "fail-release" => Set(() => ReleaseFails = true, "the release will fail"),
            _ => new StepResult($"no action {AgentText.Quoted(name)}. {FaultyPrompt.Rules}"),
        };
    }

    private static StepResult Slow(string time, CancellationToken cancel)
    {
        var limit = Quantity.Time(time);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < limit)
        {
            cancel.ThrowIfCancellationRequested();
            Thread.SpinWait(1000);
        }

        return new StepResult($"worked for {time}");
    }

    private static StepResult Hang(string time, CancellationToken cancel)
    {
        cancel.WaitHandle.WaitOne(time.Length > 0 ? Quantity.Time(time) : Timeout.InfiniteTimeSpan);
        cancel.ThrowIfCancellationRequested();
        return new StepResult($"hung for {time}");
    }

    private StepResult Eat(int bytes)
    {
        for (var left = bytes; left > 0; left -= Megabyte)
        {
            // Filled, because the system lends pages only once they are written to.
            var piece = new byte[Math.Min(left, Megabyte)];
            Array.Fill(piece, (byte)1);
            _eaten.Add(piece);
        }

        _eatenBytes += bytes;
        return new StepResult(string.Create(CultureInfo.InvariantCulture, $"holding {_eatenBytes} bytes"));
    }

    private StepResult Crash()
    {
        endProcess();
        return new StepResult("survived a crash");
    }

    private static StepResult Set(Action flag, string observation)
    {
        flag();
        return new StepResult(observation);
    }

    private static double Reward(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var reward)
            ? reward
            : throw new FormatException($"{AgentText.Quoted(text)} is not a reward such as 0.5, -1 or NaN");
}
