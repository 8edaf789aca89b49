using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.FaultRuns.Checking;

namespace SandQueue.FaultRuns;

/// <summary>What a fault run counted. The promises hold where <see cref="IsBroken"/> is false.</summary>
public sealed record FaultRunReport
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>docker, or process where no engine was to be had.</summary>
    public required string Runtime { get; init; }

    public required int Seed { get; init; }

    /// <summary>Commands under an id of their own, by the end their client was told.</summary>
    public int Commands { get; init; }

    public int Completed { get; init; }

    public int Rejected { get; init; }

    public int Expired { get; init; }

    public int Failed { get; init; }

    /// <summary>Commands whose client was never told an end.</summary>
    public int Unanswered { get; init; }

    /// <summary>Answered as completed and not so in the journal, or instances that can no longer be stepped and were not released.</summary>
    public int Lost { get; init; }

    /// <summary>Actions that took effect twice.</summary>
    public int Doubled { get; init; }

    /// <summary>Rewards the model does not give, or rewards of what did not complete.</summary>
    public int Fabricated { get; init; }

    /// <summary>Observations, ends and scores that are not the model's.</summary>
    public int Misobserved { get; init; }

    /// <summary>Commands whose client was told another end than the journal holds.</summary>
    public int Contradicted { get; init; }

    /// <summary>Instances rebuilt from the journal at least once.</summary>
    public int Recovered { get; init; }

    /// <summary>Rebuilds, counted by what workers print: those of a killed worker's last moment may be missing.</summary>
    public int Rebuilds { get; init; }

    /// <summary>Recovered instances whose whole episode and evaluations are the model's.</summary>
    public int Verified { get; init; }

    /// <summary>Recovered instances played again without faults, with the same answers and the same score.</summary>
    public int Paired { get; init; }

    /// <summary>Instances whose rebuild differed, and pairs that differed.</summary>
    public int Diverged { get; init; }

    public int ContainersLeft { get; init; }

    /// <summary>Gateways and workers that nobody killed and that ended all the same; they were started again.</summary>
    public int EndedByThemselves { get; init; }

    /// <summary>Workers that were asked to drain, and ended too late or with a failure.</summary>
    public int DrainsThatFailed { get; init; }

    /// <summary>Slots that were still taken after the callers had gone who filled the farm and hung up.</summary>
    public int HeldByNobody { get; init; }

    /// <summary>Whether every gateway answered and every worker served again after the faults.</summary>
    public bool WholeAgain { get; init; }

    /// <summary>From the end of the last fault to the last living instance's first answer after it.</summary>
    public double SecondsToLastRecovery { get; init; }

    /// <summary>By kind: how often it happened, and what became of the commands that were under way while it lasted.</summary>
    public required IReadOnlyDictionary<string, FaultFigures> Faults { get; init; }

    public int Episodes { get; init; }

    public int Steps { get; init; }

    public double StepsPerSecond { get; init; }

    public double Seconds { get; init; }

    /// <summary>Of all commands, tries and waits included.</summary>
    public double P50Ms { get; init; }

    public double P99Ms { get; init; }

    public double SlowestSeconds { get; init; }

    /// <summary>What commands took beyond the time in which faults lasted that they met.</summary>
    public required LatencyFigures BeyondFaults { get; init; }

    /// <summary>Of the commands that met no outage longer than 3 s, which is one fault or several on end.</summary>
    public required LatencyFigures BesideFaultsAbove3S { get; init; }

    /// <summary>Of the commands that met no outage longer than 20 s.</summary>
    public required LatencyFigures BesideFaultsAbove20S { get; init; }

    /// <summary>Warnings and errors of all programs by kind, the most frequent first.</summary>
    public required IReadOnlyList<LogLineKind> Log { get; init; }

    /// <summary>The first findings, for people.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>Whether a promise was broken.</summary>
    public bool IsBroken => Broken > 0;

    private int Broken => Unanswered + Lost + Doubled + Fabricated + Misobserved + Contradicted + Diverged + ContainersLeft + HeldByNobody + DrainsThatFailed;

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
