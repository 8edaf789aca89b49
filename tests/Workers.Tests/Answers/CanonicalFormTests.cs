using System.Diagnostics;
using CsCheck;
using SandQueue.Workers.Answers;
using static SandQueue.Workers.Tests.Answers.AnswerBytes;

namespace SandQueue.Workers.Tests.Answers;

public sealed class CanonicalFormTests
{
    [Theory]
    [InlineData("<object at 0x7f31c2d0e4f0>", "<object at 0x55d0a1b2c3d4>")]
    [InlineData("""File "/app/a.py", line 3, in f""", """File "/srv/b.py", line 9, in f""")]
    [InlineData("File <string>:12", "File <string>:7")]
    [InlineData("Cell In[3], line 1", "Cell In[14], line 1")]
    [InlineData("<ipython-input-3-0a1b2c> boom", "<ipython-input-4-99ff00> boom")]
    [InlineData("at 2026-01-02T03:04:05.678+00:00.", "at 2027-11-12 13:14:15.")]
    [InlineData("wrote /tmp/tmpab_1/x.txt", "wrote /tmp/tmpq9zz/x.txt")]
    public void What_Python_prints_differently_is_equal_under_its_form(string one, string other)
    {
        CanonicalForm.Python.Rewrite(one).ShouldBe(CanonicalForm.Python.Rewrite(other));
        Hash(one, CanonicalForm.Python).ShouldBe(Hash(other, CanonicalForm.Python));
        Hash(one, CanonicalForm.Exact).ShouldNotBe(Hash(other, CanonicalForm.Exact));
    }

    [Theory]
    [InlineData("3 songs", "4 songs")]
    [InlineData("0x1f", "0x2f")]
    [InlineData("due 2026-01-02", "due 2026-01-03")]
    [InlineData("ValueError: a", "ValueError: b")]
    [InlineData("id 4f3a", "id 4f3b")]
    public void What_the_environment_did_stays_different(string one, string other) =>
        Hash(one, CanonicalForm.Python).ShouldNotBe(Hash(other, CanonicalForm.Python));

    [Fact]
    public void Texts_that_differ_in_nothing_else_are_equal()
    {
        var places = Gen.Select(Gen.Int[0, 4], Gen.ULong, Gen.ULong, (kind, one, other) => (Place(kind, one), Place(kind, other)));
        places.List[1, 8].Sample(all =>
            CanonicalForm.Python.Rewrite(string.Join(' ', all.Select(place => place.Item1))) == CanonicalForm.Python.Rewrite(string.Join(' ', all.Select(place => place.Item2))));
    }

    [Fact]
    public void What_a_hostile_environment_writes_is_read_in_time_that_grows_with_it()
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var part in (string[])["File <", "File \\\"", "/tmp/", "0x", "Cell 1"])
        {
            Compose($$"""[{"role":"user","content":"{{string.Concat(Enumerable.Repeat(part, 50_000))}}"}]""", CanonicalForm.Python).Length.ShouldBe(32);
        }

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_exact_form_is_the_bytes()
    {
        CanonicalForm.Exact.Rewrite("0x7f31c2d0e4f0").ShouldBe("0x7f31c2d0e4f0");
        Compose("""[{"role":"user","content":"x"}]""", CanonicalForm.Exact).ShouldNotBe(Compose("""[{"role":"user", "content":"x"}]""", CanonicalForm.Exact));
        Compose("""[{"role":"user","content":"x"}]""", CanonicalForm.Python).ShouldBe(Compose("""[{"role":"user", "content":"\u0078"}]""", CanonicalForm.Python));
    }

    [Fact]
    public void Odd_content_is_compared_too() => Compose("""[{"role":"user","content":"\ud800 0x7f31c2d0e4f0"}]""", CanonicalForm.Python).Length.ShouldBe(32);

    [Fact]
    public void Every_form_has_a_version_and_is_found_by_name()
    {
        foreach (var form in CanonicalForm.All)
        {
            form.Name.ShouldMatch("^[a-z]+/[0-9]+$");
            CanonicalForm.TryFind(form.Name, out var found).ShouldBeTrue();
            found.ShouldBe(form);
        }

        CanonicalForm.TryFind("python", out _).ShouldBeFalse();
    }

    private static string Place(int kind, ulong value) => kind switch
    {
        0 => $"0x7f{value % (1UL << 40):x10}",
        1 => $"File \"/app/m{value % 100}.py\", line {value % 999}",
        2 => $"Cell In[{value % 50}], line {value % 9}",
        3 => DateTimeOffset.FromUnixTimeSeconds((long)(value % 4_000_000_000)).ToString("O"),
        _ => $"/tmp/t{value:x}/x.txt",
    };

    private static byte[] Hash(string text, CanonicalForm form) => Compose(System.Text.Json.JsonSerializer.Serialize(new[] { new { role = "user", content = text } }), form);

    private static byte[] Compose(string state, CanonicalForm form) => StepAnswer.Compose(Utf8($$"""{"state":{{state}},"reward":0}"""), 1, null, form).ObservationHash;
}
