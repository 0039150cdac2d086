namespace HelpBuilder.Pages;

/// <summary>The syntax of a parameter set, as Get-Command writes it.</summary>
internal sealed record SyntaxEntry(string ParameterSet, bool IsDefault, string Text);
