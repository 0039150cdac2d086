using System.Reflection;
using System.Runtime.CompilerServices;

namespace Acm.Tests.Text;

/// <summary>Records with content or secrets override ToString, because a record prints every member.</summary>
public sealed class RecordTests
{
    private static readonly string[] Telling = ["Secret", "Password", "Content", "Text", "Value", "Body", "Token"];

    [Fact]
    public void No_record_prints_a_secret_or_content()
    {
        IEnumerable<Type> records = new[] { typeof(Acm.Client.AcmClient), typeof(Acm.Server.ServerHost) }
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null);

        Assert.All(records, record =>
        {
            if (record.GetMethod(nameof(ToString), Type.EmptyTypes)!.GetCustomAttribute<CompilerGeneratedAttribute>() is null) return;

            Assert.DoesNotContain(record.GetProperties(), property => property.PropertyType == typeof(string) && !property.Name.EndsWith("File", StringComparison.Ordinal) && Telling.Any(part => property.Name.Contains(part, StringComparison.Ordinal)));
        });
    }
}
