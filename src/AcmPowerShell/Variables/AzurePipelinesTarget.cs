namespace AcmPowerShell;

/// <summary>
/// An Azure Pipelines job: variables and masks are logging commands on standard output. A secret variable is not put into the environment of later tasks: they map it by its name.
/// Source: Microsoft's documentation of logging commands.
/// </summary>
internal sealed class AzurePipelinesTarget(TextWriter output, bool asOutput) : IVariableTarget
{
    public string Description => asOutput ? "output variables of this step" : "variables of the later tasks";

    public IEnumerable<string> Notes => [];

    public void Mask(IEnumerable<string> texts)
    {
        foreach (string text in texts) output.WriteLine("##vso[task.setsecret]" + Data(text));
        output.Flush();
    }

    public void Set(IReadOnlyList<AcmVariable> variables)
    {
        foreach (AcmVariable variable in variables)
            output.WriteLine($"##vso[task.setvariable variable={variable.Name}{(asOutput ? ";isOutput=true" : "")}{(variable.IsSecret ? ";issecret=true" : "")}]{Data(variable.Value)}");
        output.Flush();
    }

    // The percent sign first, and as the agent has it: it takes %AZP25 back where agents know that, which is since 2021.
    private static string Data(string text) => text.Replace("%", "%AZP25").Replace("\r", "%0D").Replace("\n", "%0A");
}
