using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace AcmShell.Hosting;

internal sealed partial class ShellUserInterface
{
    public override string ReadLine()
    {
        RequireSomeoneToAsk();
        // Ctrl+D ends the input: there will be no answer.
        return Console.In.ReadLine() ?? throw Cancelled();
    }

    public override SecureString ReadLineAsSecureString()
    {
        RequireSomeoneToAsk();
        var secret = new SecureString();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key != ConsoleKey.Backspace) secret.AppendChar(key.KeyChar);
            else if (secret.Length > 0) secret.RemoveAt(secret.Length - 1);
        }

        WriteLine();
        secret.MakeReadOnly();
        return secret;
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RequireSomeoneToAsk();
        Announce(caption, message);
        var answers = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (FieldDescription field in descriptions)
        {
            string label = string.IsNullOrEmpty(field.Label) ? field.Name : field.Label.Replace("&", string.Empty, StringComparison.Ordinal);
            object? answer = AskFor(label, TypeOf(field.ParameterTypeFullName));
            answers[field.Name] = PSObject.AsPSObject(answer ?? string.Empty);
        }

        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireSomeoneToAsk();
        Announce(caption, message);
        while (true)
        {
            Write(string.Join("  ", choices.Select((c, i) => Offer(c, i == defaultChoice))) + "  [?] Help");
            if (defaultChoice >= 0) Write(string.Create(CultureInfo.CurrentCulture, $" (default is \"{Key(choices[defaultChoice])}\")"));
            Write(": ");

            string answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0) return defaultChoice;
            if (answer == "?")
            {
                foreach (ChoiceDescription choice in choices) WriteLine($"{Key(choice)} - {choice.HelpMessage}");
                continue;
            }

            for (int i = 0; i < choices.Count; i++)
            {
                if (Fits(answer, Key(choices[i])) || Fits(answer, Plain(choices[i]))) return i;
            }
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        RequireSomeoneToAsk();
        Announce(caption, message);
        while (string.IsNullOrEmpty(userName))
        {
            Write("User: ");
            userName = ReadLine();
        }

        Write($"Password for user {userName}: ");
        SecureString password = ReadLineAsSecureString();
        return new PSCredential(string.IsNullOrEmpty(targetName) ? userName : $"{targetName}\\{userName}", password);
    }

    /// <summary>
    /// A pipe as standard input may stay open for ever, so it is not asked: where no person can answer, the question fails at
    /// once, with the exception that <c>pwsh -NonInteractive</c> has.
    /// </summary>
    private void RequireSomeoneToAsk()
    {
        if (_nonInteractive)
            throw new PSInvalidOperationException("AcmShell is in NonInteractive mode. Read and Prompt functionality is not available.");
        if (!Terminal.ForInput)
            throw new PSInvalidOperationException("Standard input is redirected. Read and Prompt functionality is not available.");
        ClearProgress();
    }

    private void Announce(string? caption, string? message)
    {
        if (!string.IsNullOrEmpty(caption)) WriteLine(Environment.NewLine + caption);
        if (!string.IsNullOrEmpty(message)) WriteLine(message);
    }

    private object? AskFor(string label, Type type)
    {
        if (type == typeof(SecureString))
        {
            Write(label + ": ");
            return ReadLineAsSecureString();
        }

        if (type == typeof(PSCredential)) return PromptForCredential(string.Empty, label, string.Empty, string.Empty);
        if (!type.IsArray)
        {
            Write(label + ": ");
            return LanguagePrimitives.ConvertTo(ReadLine(), type, CultureInfo.CurrentCulture);
        }

        // An array is asked for item by item; an empty answer ends it.
        var items = new List<object?>();
        while (true)
        {
            Write(string.Create(CultureInfo.CurrentCulture, $"{label}[{items.Count}]: "));
            string answer = ReadLine();
            if (answer.Length == 0) return LanguagePrimitives.ConvertTo(items.ToArray(), type, CultureInfo.CurrentCulture);
            items.Add(LanguagePrimitives.ConvertTo(answer, type.GetElementType()!, CultureInfo.CurrentCulture));
        }
    }

    private static Type TypeOf(string? name) => LanguagePrimitives.TryConvertTo(name, out Type type) ? type : typeof(string);

    private string Offer(ChoiceDescription choice, bool isDefault)
    {
        string text = $"[{Key(choice)}] {Plain(choice)}";
        return isDefault && SupportsVirtualTerminal ? PSStyle.Instance.Foreground.Yellow + text + PSStyle.Instance.Reset : text;
    }

    private static string Plain(ChoiceDescription choice) => choice.Label.Replace("&", string.Empty, StringComparison.Ordinal);

    private static string Key(ChoiceDescription choice)
    {
        int mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length ? choice.Label.Substring(mark + 1, 1).ToUpperInvariant() : Plain(choice);
    }

    private static bool Fits(string answer, string choice) => answer.Equals(choice, StringComparison.OrdinalIgnoreCase);

    private static PromptingException Cancelled() =>
        new("The prompt was canceled.", null, "PromptCanceled", ErrorCategory.OperationStopped);
}
