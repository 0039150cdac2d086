namespace AcmPowerShell;

/// <summary>The environment of this process.</summary>
internal sealed class ProcessTarget : IVariableTarget
{
    public string Description => "environment of this process";

    public IEnumerable<string> Notes => [];

    public string? Refuse(AcmVariable variable) => null;

    public string? RefuseMask(string text) => null;

    // Nothing is printed.
    public void Mask(IEnumerable<string> texts)
    {
    }

    public void Set(IReadOnlyList<AcmVariable> variables)
    {
        foreach (AcmVariable variable in variables) Environment.SetEnvironmentVariable(variable.Name, variable.Value);
    }
}
