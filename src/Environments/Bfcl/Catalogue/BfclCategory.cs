namespace SandQueue.Environments.Bfcl.Catalogue;

/// <summary>One category of the benchmark: the tasks of one file.</summary>
/// <param name="Name">As the benchmark calls it, <c>simple_python</c>; the name of a split too.</param>
/// <param name="HasAnswers">Whether a file of possible answers belongs to it; relevance needs none.</param>
/// <param name="Groups">The groups of categories it is in: more names of splits.</param>
internal sealed record BfclCategory(string Name, bool HasAnswers, IReadOnlyList<string> Groups)
{
    public string QuestionFile => $"BFCL_v4_{Name}.json";

    public string AnswerFile => $"possible_answer/{QuestionFile}";
}
