using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;
using Spectre.Console;

namespace SandQueue.Cli.Diagnosis;

/// <summary><c>doctor</c>: is everything reachable, and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Doctor(Surroundings around) => Verb.Of(around, "doctor", "Check the gateway, the key, the workers and the environments, and say what to do", RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        await foreach (var finding in Checks.RunAsync(call, cancellationToken))
        {
            findings.Add(finding);
            if (call.IsJson) call.Screen.Json(new JsonObject { ["check"] = finding.Check, ["state"] = finding.State, ["detail"] = finding.Detail, ["advice"] = finding.Advice });
            else Show(call, finding);
        }

        return findings.Find(finding => finding.State == Finding.Fail) switch { null => ExitCode.Fine, { Check: Checks.Gateway } => ExitCode.Unreachable, _ => ExitCode.Failed };
    }

    private static void Show(Call call, Finding finding)
    {
        var line = $"{finding.State,-4}  {finding.Check,-14} {SafeText.Line(finding.Detail)}{(finding.Advice is { } advice ? $"\n      {"",-14} → {SafeText.Line(advice)}" : "")}";
        call.Screen.Marked(line, finding.State switch { Finding.Ok => Color.Green, Finding.Warn => Color.Yellow, _ => Color.Red });
    }
}
